import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { sourceOf } from '../../lib/api/sources/read-message.ts';
import { createTakeIn } from '../../lib/pipeline/sources/take-in.ts';
import type { MemoryLog } from '../support/memory-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { World } from '../support/world.ts';

const HOUR = 3_600_000;

/** A line as a function writes it, read again. */
export type WrittenLine = Readonly<Record<string, unknown>> & { event: string };

/** What a log keeps, as the JSON log writes it. */
export function written({ lines }: MemoryLog): WrittenLine[] {
  const texts: string[] = [];
  const log = createJsonLog({ clock: new VirtualClock(), write: (text) => texts.push(text) });
  for (const { level, event, fields, cause } of lines) {
    if (level === 'error') log.error(event, cause, fields);
    else log[level](event, fields);
  }
  return texts.map((text) => JSON.parse(text) as WrittenLine);
}

/** The lines of some days in which everything that is asked for happened to some endpoint. */
export async function eventfulDays(): Promise<WrittenLine[]> {
  using world = new World();
  const process = world.process();
  await world.endpointAnswering(200);
  await world.endpointAnswering([500, 503, 200]);
  await world.endpointAnswering('timeout', { retry: { delays: [60] } });
  await world.endpointAnswering(410);
  let requests = 0;
  await world.endpointAnswering(() => ({ status: 200, durationMs: (requests += 1) > 10 ? 5 : 9000 }));
  for (let n = 0; n < 30; n += 1) {
    await process.ingest(world.request());
    await world.run(process, 20_000);
  }
  await world.store.queues.send('deliveries', [{ body: 'not a message', group: 'x' }]);
  await world.store.queues.send('jobs', [{ body: 'not a message', group: 'x' }]);
  const takeIn = createTakeIn({ log: world.log, refused: { put: async () => {} } }, process.ingest);
  await takeIn(sourceOf('orders', undefined), [{ id: 'message-1', body: 'no event', receiveCount: 1 }]);
  await world.run(process, 15 * 24 * HOUR);
  return written(world.log);
}
