import { EmbeddedMetrics } from '../lib/adapters/log/embedded-metrics.ts';
import type { Log } from '../lib/ports/log.ts';
import { ASSUMPTIONS } from './prices.ts';

const CLOCK = { now: () => 0, sleep: async () => undefined };
const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Bytes of metrics in the logs for one delivery that succeeds at once: its share of a line of ingest and of one of dispatch.
 * @param successes that an instance counts in a line: those of a minute, at most 100
 */
export function metricBytesADelivery(successes: number): number {
  const accepted = { event_id: 'evt_1' };
  const delivered = { ...accepted, status: 'delivered', status_code: 200, attempt_number: 1, ordinal: 0 };
  const ofIngest = bytesOf((log) => log.info('ingest.accepted', accepted), successes);
  const ofDispatch = bytesOf(
    (log) => log.info('dispatch.attempt', { ...delivered, since_accepted_ms: 123 }),
    successes,
  );
  return (ofIngest + ofDispatch) / successes;
}

function bytesOf(write: (log: Log) => void, times: number): number {
  let bytes = 0;
  const metrics = new EmbeddedMetrics({
    clock: CLOCK,
    service: 'Postrider',
    write: (line) => (bytes += Buffer.byteLength(line) + ASSUMPTIONS.bytesALine),
  });
  const log = metrics.watching(QUIET);
  for (let n = 0; n < times; n += 1) write(log);
  metrics.flush();
  return bytes;
}
