import type { PollPosition } from './poll-position.ts';
import { CONSUMER_IDLE } from './times.ts';

/** One that asks for the deliveries of a poll endpoint, with a position of its own. */
export interface PollConsumer {
  tenantId: string;
  endpointId: string;
  name: string;
  position: PollPosition;
  /** Milliseconds since the Unix epoch. */
  committedAt: number;
}

/** Does a delivery wait for its commit? @param now milliseconds since the Unix epoch */
export function counts({ committedAt }: Pick<PollConsumer, 'committedAt'>, now: number): boolean {
  return now - committedAt < CONSUMER_IDLE;
}
