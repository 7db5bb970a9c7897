import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import type { Event } from '../../../../lib/domain/event.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const CLOCK = new VirtualClock();
const LOG_TTL_MS = 24 * 3600 * 1000;
const EVENT: Event = {
  tenantId: 'acme',
  id: 'evt_01J00000000000000000000000',
  type: 'order.paid',
  acceptedAt: CLOCK.now(),
  endpointIds: ['ep_1', 'ep_2'],
  data: '{"amount":42}',
};

async function openReader(clock = CLOCK) {
  const store = openSqliteStore({ path: ':memory:', clock, logTtlMs: LOG_TTL_MS });
  onTestFinished(() => store.close());
  await store.events.putUnlessExists(EVENT);
  const read = async (endpointId: string, { tenantId, id: eventId }: Pick<Event, 'tenantId' | 'id'> = EVENT) => {
    const [snapshot] = await store.reader.read([{ tenantId, endpointId, eventId, ordinal: 0 }]);
    return snapshot;
  };
  return { store, read };
}

describe('the event of the messages that come up in one turn', () => {
  test('is read once, and is all there for each of them', async () => {
    const { read } = await openReader();
    const [first, second] = await Promise.all([read('ep_1'), read('ep_2')]);
    expect(first?.event).toEqual(EVENT);
    expect(second?.event).toBe(first?.event);
  });

  test('is not that of another tenant or of another id', async () => {
    const { read } = await openReader();
    const other = { ...EVENT, id: 'evt_01J00000000000000000000001' };
    const all = await Promise.all([
      read('ep_1'),
      read('ep_1', other),
      read('ep_1', { ...EVENT, tenantId: 'umbrella' }),
    ]);
    expect(all.map((snapshot) => snapshot?.event)).toEqual([EVENT, undefined, undefined]);
  });

  test('is missing only until it is there', async () => {
    const { store, read } = await openReader();
    const late = { ...EVENT, id: 'evt_01J00000000000000000000001' };
    expect((await read('ep_1', late))?.event).toBeUndefined();
    await store.events.putUnlessExists(late);
    expect((await read('ep_1', late))?.event).toEqual(late);
  });

  test('is not there any more once it has expired', async () => {
    const clock = new VirtualClock();
    const { read } = await openReader(clock);
    await clock.advance(LOG_TTL_MS - 1);
    expect((await read('ep_1'))?.event).toEqual(EVENT);
    await clock.advance(1);
    await turn();
    expect([(await read('ep_1'))?.event, (await read('ep_2'))?.event]).toEqual([undefined, undefined]);
  });

  test('has no payload once that is deleted, in the same turn too', async () => {
    const { store, read } = await openReader();
    const reads = Promise.all([read('ep_1'), read('ep_2')]);
    const deleted = store.events.deletePayload(EVENT.tenantId, EVENT.id, { at: CLOCK.now(), jobId: 'job_1' });
    await reads;
    await deleted;
    expect((await read('ep_1'))?.event?.payloadDeleted).toBeDefined();
    await turn();
    expect((await read('ep_2'))?.event?.payloadDeleted).toBeDefined();
  });
});
