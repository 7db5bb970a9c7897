import { describe, expect, test } from 'vitest';
import type { Interceptor, PortCall } from '../../support/fault-injection.ts';
import { allDeliveries } from '../../support/invariants.ts';
import { openEndpoints } from '../../support/many-endpoints.ts';
import { TENANT, World } from '../../support/world.ts';

const HOUR = 3_600_000;

interface Stop {
  index: number;
  /** Before the call's effect, or after it and before its answer. */
  moment: 'before' | 'after';
}

/** Makes the process wait at the planned call until `letGo`. */
function stopAt(stop: Stop | undefined) {
  const calls: PortCall[] = [];
  const gate = Promise.withResolvers<void>();
  const around: Interceptor = async (call, run) => {
    calls.push(call);
    if (call.index !== stop?.index) return run();
    if (stop.moment === 'before') {
      await gate.promise;
      return run();
    }
    const answer = await run();
    await gate.promise;
    return answer;
  };
  return { calls, around, letGo: () => gate.resolve() };
}

const sizes = [
  { name: 'an event that holds its endpoints', endpoints: 3 },
  { name: 'an event with its endpoints in pages', endpoints: 10 },
  { name: 'an event that is put with its messages', endpoints: 3, oneWrite: true },
];

describe.each(sizes)('a post with a key that stops halfway: $name', ({ endpoints, oneWrite = false }) => {
  /**
   * A first post waits at a call, the endpoints change, and the client posts again; then the first post goes on.
   */
  async function live(stop?: Stop) {
    using world = new World(1, { inlineEndpoints: 5, endpointsPerPage: 4 });
    if (oneWrite) world.ports.events = world.eventsWithQueues;
    const before = await openEndpoints(world, endpoints);
    const { calls, around, letGo } = stopAt(stop);
    const post = (process = world.process()) => process.ingest(world.request('task.completed', 'key'));
    const first = post(world.process(undefined, around));
    for (let turn = 0; turn < 50; turn += 1) await world.clock.advance(0);
    const [kept] = await world.store.events.page(TENANT, { limit: 2 });
    const after = [...before, ...(await openEndpoints(world, 4, 'late'))];

    const second = await post();
    letGo();
    expect(await first).toEqual(second);

    // An event that is stored keeps the endpoints that it was stored with.
    const matched = kept ? before : after;
    expect(second.deliveries).toBe(matched.length);
    if (kept) expect(second.id).toBe(kept.id);
    await world.run(world.process(), HOUR);
    expect(await world.store.events.page(TENANT, { limit: 10 })).toHaveLength(1);
    const deliveries = await allDeliveries(world);
    const ids = (all: { id: string }[]) => all.map(({ id }) => id).toSorted();
    expect(deliveries.map(({ endpointId }) => endpointId).toSorted()).toEqual(ids(matched));
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['delivered']));
    // Only one of the two posts sent messages.
    for (const { url } of matched) expect(world.customers.countsByEvent(url).get(second.id)).toBe(1);
    // A third post still gets the same event.
    expect(await post()).toEqual(second);
    return { calls, kept: kept !== undefined };
  }

  test('the client’s retry completes the same event, at whatever call the first post stopped', async () => {
    const { calls } = await live();
    expect(calls.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['claimUnlessTaken', ...(oneWrite ? ['putWithMessages'] : ['putUnlessExists', 'send'])]),
    );
    const frozen = [];
    for (const { index, port, method } of calls) {
      for (const moment of ['before', 'after'] as const) {
        try {
          frozen.push((await live({ index, moment })).kept);
        } catch (cause) {
          throw new Error(`stopped ${moment} call ${index}, ${port}.${method}`, { cause });
        }
      }
    }
    expect(new Set(frozen)).toEqual(new Set([true, false]));
  });
});
