import { expect } from 'vitest';
import { sourceOf } from '../../lib/api/sources/read-message.ts';
import { type SourceMessage, createTakeIn } from '../../lib/pipeline/sources/take-in.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;
const SOURCE = sourceOf('orders', undefined);
const EVENTS = ['1', '2', '3'].map((id) => ({
  id,
  body: JSON.stringify({ tenant_id: TENANT, type: 'order.placed', data: { id } }),
}));
const NO_EVENT = { id: '4', body: 'no event' };

/** A queue of a source, in each world: what is not acknowledged is received again. */
const queues = new WeakMap<World, Map<string, SourceMessage>>();
const refused = new WeakMap<World, string[]>();

/** What docs/sources.md promises: a message is acknowledged once its event is accepted, and a repeat is the same event. */
export const sourceScenarios: Scenario[] = [
  {
    name: 'messages of a source',
    async prepare(world) {
      queues.set(world, new Map([...EVENTS, NO_EVENT].map((one) => [one.id, { ...one, receiveCount: 0 }])));
      refused.set(world, []);
      return [
        await world.endpointAnswering(200),
        await world.endpointAnswering([500, 200], { retry: { delays: [1] } }),
      ];
    },
    async *work(world, process, endpoints) {
      const waiting = queues.get(world) ?? new Map<string, SourceMessage>();
      const put = async ({ messageId }: { messageId: string }) => void refused.get(world)?.push(messageId);
      const takeIn = createTakeIn({ log: world.log, refused: { put } }, process.ingest);
      const received = [...waiting.values()].map((one) => ({ ...one, receiveCount: one.receiveCount + 1 }));
      const kept = new Set(await takeIn(SOURCE, received));
      // Nobody hears the answer of a process that has died: all of them come back.
      if (process.life.dead) throw new Error('The process died.');
      for (const { id } of received) if (!kept.has(id)) waiting.delete(id);
      expect([...kept]).toEqual([]);
      for (const { id } of await world.store.events.page(TENANT, { limit: 100 })) yield id;
      expect(endpoints).toHaveLength(2);
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const events = await world.store.events.page(TENANT, { limit: 100 });
      expect(events.map(({ data }) => (JSON.parse(data) as { id: string }).id).toSorted()).toEqual(['1', '2', '3']);
      expect([...(queues.get(world)?.keys() ?? [])]).toEqual([]);
      expect(new Set(refused.get(world))).toEqual(new Set(['4']));
    },
  },
];
