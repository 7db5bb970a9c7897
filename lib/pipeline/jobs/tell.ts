import { type Endpoint, isPolled } from '../../domain/endpoint.ts';
import { eventIdOfAlert } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { OperationalType } from '../../domain/operational-event.ts';
import type { AlertChannels } from '../../ports/alert-channels.ts';
import type { Ports } from '../../ports/ports.ts';
import { isPaged } from '../delivery/event-endpoints.ts';
import { harmlessUrl } from '../endpoints/harmless-url.ts';
import { sendFirstMessages, startFanOuts } from '../ingest/fan-out.ts';
import { type Keeping, type KeptEvent, keepMatched } from '../ingest/keep-event.ts';
import type { MatcherOf } from '../ingest/matcher.ts';
import type { PostedEvent } from '../ingest/request.ts';
import { windowAt, windowStart } from '../quota.ts';

/** What telling an alert takes. */
export interface AlertTools {
  ports: Pick<
    Ports,
    | 'clock'
    | 'random'
    | 'log'
    | 'endpoints'
    | 'events'
    | 'deliveries'
    | 'jobs'
    | 'polls'
    | 'queues'
    | 'quotas'
    | 'alertAddresses'
    | 'mailer'
  >;
  settings: Keeping['settings'];
  matcherOf: MatcherOf;
  /** Where alerts go besides operational events. */
  channels: AlertChannels;
}

/** So many alerts of a tenant go out in a minute. */
const ALERTS_A_MINUTE = 60;

/** What an alert tells. */
export interface Alert {
  type: OperationalType;
  /** Milliseconds since the Unix epoch: the same each time that this alert is told. */
  at: number;
  endpoint: Endpoint;
  /** What its data says beside which endpoint it is. */
  facts: Readonly<Record<string, unknown>>;
}

/**
 * Takes a turn among the alerts of a tenant. A crowd of them waits in line, so that ten thousand endpoints that are paused
 * at once are told in some hours, and not in a minute.
 * @returns when to ask again, milliseconds since the Unix epoch; undefined: now
 */
export async function waitForTurn(
  { clock, quotas }: Pick<Ports, 'clock' | 'quotas'>,
  tenantId: string,
): Promise<number | undefined> {
  const window = windowAt(clock.now());
  const before = (await quotas.add(tenantId, window, 1, 'alerts')) - 1;
  const windows = Math.floor(before / ALERTS_A_MINUTE);
  return windows === 0 ? undefined : windowStart(window + windows);
}

/**
 * Posts an operational event to the endpoints that ask for it: an event like any other from here on, but for the quota.
 * Telling the same alert again sends its messages again, late, as a repeated post does.
 * @returns to how many endpoints it goes
 */
export async function tell(tools: AlertTools, job: Job, alert: Alert): Promise<number> {
  const { ports, settings, matcherOf } = tools;
  const { tenantId } = job;
  const matching = await matcherOf(tenantId);
  if (matching.isErased) return 0;
  const event = eventOf(alert);
  const found = matching.match(event);
  const eventId = eventIdOfAlert(job.id, alert.at);
  const kept =
    found.ids.length > 0
      ? await keepMatched({ ports, settings }, { tenantId, event }, eventId, found)
      : await keptBefore(ports, tenantId, eventId);
  if (kept) await (isPaged(kept.event) ? startFanOuts : sendFirstMessages)(ports, [kept]);
  ports.log.info('job.alert', {
    tenant_id: tenantId,
    endpoint_id: alert.endpoint.id,
    event_type: alert.type,
    ...(kept && { event_id: eventId }),
    deliveries: found.ids.length,
    job_id: job.id,
    raised_at: new Date(alert.at).toISOString(),
  });
  return found.ids.length;
}

/** Whoever asked for it then gets it, though nobody does any more. */
async function keptBefore(
  { events }: Pick<Ports, 'events'>,
  tenantId: string,
  eventId: string,
): Promise<KeptEvent | undefined> {
  const event = await events.get(tenantId, eventId);
  return event && { event, before: true, warning: undefined };
}

/** What its event says, as JSON text. */
export function dataOf({ endpoint, facts }: Alert): string {
  const { id, label = null, url, projectId } = endpoint;
  const data = {
    endpoint_id: id,
    label,
    url: isPolled(endpoint) ? null : harmlessUrl(url),
    project_id: projectId ?? null,
    ...facts,
  };
  return JSON.stringify(data);
}

function eventOf(alert: Alert): PostedEvent {
  const { type, at, endpoint } = alert;
  const { projectId } = endpoint;
  return {
    type,
    data: dataOf(alert),
    ...(projectId !== undefined && { project: { id: projectId } }),
    occurredAt: at,
  };
}
