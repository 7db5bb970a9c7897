import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTenant } from './caller.ts';
import type { Target } from './target.ts';

/** Whether an event's data is small enough for its own item, or has one of its own. */
const SIZES = { small: 1, large: 1000 };

/** What a person has deleted is nowhere any more, and everything else of the event is. */
export function describeDeletedPayloads(name: string, start: () => Promise<Target>): void {
  describe(`a deleted payload, ${name}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    it.each(Object.entries(SIZES))('is in no store and no answer: %s data', async (size, times) => {
      const caller = await newTenant(target);
      await caller.make('POST', '/v1/endpoints', { url: 'https://example.com/hooks', events: ['*'] });
      const [data, trace] = [`data-canary-${size} `.repeat(times), `trace-canary-${size}`];
      const event = {
        type: 'task.completed',
        data: { data },
        trace: { trace_id: trace },
        external_id: `order-${size}`,
      };
      const { id } = await caller.make('POST', '/v1/events', event, { 'idempotency-key': `key-${size}` });
      expect(await target.dump()).toContain(data);
      expect(await target.dump()).toContain(trace);

      const path = `/v1/events/${id}/payload`;
      const job = await caller.make('DELETE', path);
      expect(job).toMatchObject({ kind: 'erase-payload', event_id: id, status: 'running' });
      expect((await caller.make('DELETE', path)).id).toBe(job.id);

      const dump = await target.dump();
      for (const canary of [`data-canary-${size}`, trace]) expect(dump.includes(canary), canary).toBe(false);
      const left = { id, type: event.type, data: null, trace: null, external_id: event.external_id };
      const shown = await caller.make('GET', `/v1/events/${id}`);
      expect(shown).toMatchObject(left);
      expect(Math.abs(Date.parse(shown.payload_deleted_at) - target.now())).toBeLessThan(60_000);
      const [listed] = (await caller.make('GET', '/v1/events')).data;
      expect(listed).toMatchObject({ ...left, payload_deleted_at: shown.payload_deleted_at });

      // The same post brings nothing back.
      expect((await caller.make('POST', '/v1/events', event, { 'idempotency-key': `key-${size}` })).id).toBe(id);
      expect((await target.dump()).includes(`data-canary-${size}`)).toBe(false);

      const [delivery] = (await caller.make('GET', `/v1/events/${id}/deliveries`)).data;
      for (const again of [`/v1/deliveries/${delivery.id}/retry`, `/v1/events/${id}/replay`]) {
        const { status, text } = await caller.send({ method: 'POST', path: again });
        expect([status, JSON.parse(text).type]).toEqual([409, '/problems/payload-deleted']);
      }
      const { data: lines } = await caller.make('GET', '/v1/audit-log');
      expect(lines).toContainEqual(
        expect.objectContaining({ action: 'events.delete-payload', target: id, outcome: 'done' }),
      );
    });
  });
}
