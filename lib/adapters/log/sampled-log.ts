import { createHash } from 'node:crypto';
import type { Log, LogFields } from '../../ports/log.ts';

const HASHES = 2 ** 32;

/**
 * Logs routine lines for a share of the events only, and everything else always. The event's id alone decides whether it is
 * sampled, so that all functions agree: either all routine lines of an event are logged, or none.
 * @param share 0 to 1
 */
export function createSampledLog(log: Log, share: number): Log {
  return {
    info(event, fields) {
      if (isRoutine(event, fields) && !isSampled(String(fields?.event_id), share)) return;
      log.info(event, fields);
    },
    warn: (event, fields) => log.warn(event, fields),
    error: (event, cause, fields) => log.error(event, cause, fields),
  };
}

/**
 * An accepted event, and a delivery whose first attempt succeeded. A success after a failure is not routine: whoever reads
 * about the failure wants to know how it ended.
 */
export function isRoutine(event: string, fields: LogFields = {}): boolean {
  if (fields.event_id === undefined) return false;
  if (event === 'ingest.accepted') return true;
  return event === 'dispatch.attempt' && fields.status === 'delivered' && fields.attempt_number === 1;
}

function isSampled(eventId: string, share: number): boolean {
  const hash = createHash('sha256').update(eventId).digest().readUInt32BE(0);
  return hash / HASHES < share;
}
