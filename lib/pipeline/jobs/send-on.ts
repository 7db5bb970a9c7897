import { eventIdOfAlert } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { AlertChannels, AlertMessage, Handed } from '../../ports/alert-channels.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Alert, dataOf } from './tell.ts';

export interface SendOnTools {
  ports: Pick<Ports, 'clock' | 'log'>;
  channels: AlertChannels;
}

type Channel = keyof AlertChannels;

/** An alert on its way to channels, as the cursor of its job keeps it. */
export interface Pending {
  message: AlertMessage;
  /** Those that have not taken it yet. */
  left: readonly Channel[];
  /** One has taken it. */
  isTaken?: boolean;
  /** How often that has failed. */
  failures: number;
}

/** After so many failures it is given up: they take half an hour. */
const MAX_FAILURES = 6;
const MINUTE = 60_000;

/** The alert as it goes to the channels that the deployment has; undefined where it has none. */
export function pendingOf({ channels }: SendOnTools, job: Job, alert: Alert): Pending | undefined {
  const left = (Object.keys(channels) as Channel[]).filter((channel) => channels[channel]);
  if (left.length === 0) return undefined;
  const id = eventIdOfAlert(job.id, alert.at);
  const message = { id, type: alert.type, tenantId: job.tenantId, at: alert.at, data: dataOf(alert) };
  return { message, left, failures: 0 };
}

/** What came of sending an alert on: it is to be tried again at a time (milliseconds since the Unix epoch), or it ended. */
export type SentOn =
  { kind: 'again'; at: number; pending: Pending } | { kind: 'ended'; isTaken: boolean; error?: string };

/**
 * Sends an alert to each channel that has not taken it, side by side: none waits for another. One that fails is tried again
 * for half an hour.
 */
export async function sendOn(tools: SendOnTools, pending: Pending): Promise<SentOn> {
  const { message } = pending;
  const tries = await Promise.all(pending.left.map((channel) => hand(tools, channel, message)));
  const failed = tries.filter((one) => 'error' in one);
  const isTaken = pending.isTaken === true || tries.some((one) => 'handed' in one && one.handed === 'taken');
  const [first] = failed;
  if (!first) return { kind: 'ended', isTaken };
  const failures = pending.failures + 1;
  if (failures >= MAX_FAILURES) return { kind: 'ended', isTaken, error: first.error };
  const left = failed.map(({ channel }) => channel);
  const at = tools.ports.clock.now() + 2 ** (failures - 1) * MINUTE;
  return { kind: 'again', at, pending: { message, left, isTaken, failures } };
}

type Try = { channel: Channel; handed: Handed } | { channel: Channel; error: string };

async function hand({ ports, channels }: SendOnTools, channel: Channel, message: AlertMessage): Promise<Try> {
  try {
    return { channel, handed: (await channels[channel]?.(message)) ?? 'nobody' };
  } catch (cause) {
    ports.log.error('job.alert-not-sent', cause, { tenant_id: message.tenantId, event_type: message.type, channel });
    return { channel, error: cause instanceof Error ? cause.message : 'unknown' };
  }
}
