import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Brakes } from '../../lib/ports/brakes.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { DispatchReader } from '../../lib/ports/dispatch-reader.ts';
import type { EndpointHealthStore, EndpointStore } from '../../lib/ports/endpoint-store.ts';
import type { EventLog } from '../../lib/ports/event-log.ts';
import { written } from '../support/records.ts';
import { type Open, openForTest, readAllPages } from './opened.ts';

export interface DispatchPorts {
  reader: DispatchReader;
  events: EventLog;
  deliveries: DeliveryLog;
  endpoints: EndpointStore;
  health: EndpointHealthStore;
  brakes: Brakes;
}

/** @param open a reader, with the stores that hold what it reads */
export function describeDispatchReader(name: string, open: Open<DispatchPorts>): void {
  describe(`${name}: dispatch reader`, () => {
    async function openWithDelivery() {
      const { port, clock, make } = await openForTest(open);
      const [event, endpoint] = [make.event(), make.endpoint()];
      const note = { tenantId: make.tenantId, endpointId: endpoint.id, generation: 1, at: clock.now() };
      await port.events.putUnlessExists(event);
      await port.endpoints.createUnlessExists(endpoint);
      const pending = make.delivery({ eventId: event.id, endpointId: endpoint.id });
      const record = await written(port.deliveries, pending);
      const health = await port.health.countFailure(note);
      return { port, make, snapshot: { event, record, endpoint, health, braked: false } };
    }

    test('gives all four that belong to a delivery', async () => {
      const { port, snapshot } = await openWithDelivery();
      expect(await port.reader.read([snapshot.record], 'consistent')).toEqual([snapshot]);
    });

    test('what is absent is undefined', async () => {
      const { port, make } = await openWithDelivery();
      const nothing = { event: undefined, record: undefined, endpoint: undefined, health: undefined, braked: false };
      expect(await port.reader.read([make.delivery()], 'consistent')).toEqual([nothing]);
      expect(await port.reader.read([], 'consistent')).toEqual([]);
    });

    test('answers in the order of the keys, also for one event and endpoint in several keys', async () => {
      const { port, make, snapshot } = await openWithDelivery();
      const retriedManually = { ...snapshot.record, ordinal: 1 };
      const unknown = make.delivery({ eventId: snapshot.event.id });
      const answers = await port.reader.read(
        [retriedManually, unknown, snapshot.record, snapshot.record],
        'consistent',
      );
      expect(answers).toEqual([
        { ...snapshot, record: undefined },
        { event: snapshot.event, record: undefined, endpoint: undefined, health: undefined, braked: false },
        snapshot,
        snapshot,
      ]);
    });

    test("a brake of the tenant's, or of the deployment's, is seen until it is released", async () => {
      const { port, snapshot } = await openWithDelivery();
      const braked = async () => (await port.reader.read([snapshot.record], 'consistent'))[0]?.braked;
      for (const scope of [{ tenantId: snapshot.event.tenantId }, 'deployment'] as const) {
        await port.brakes.set(scope, 1);
        expect(await braked()).toBe(true);
        await port.brakes.release(scope);
        expect(await braked()).toBe(false);
      }
      await port.brakes.set({ tenantId: 'another' }, 1);
      expect(await braked()).toBe(false);
    });

    test('reads the log a moment late if asked to, and the endpoint, its health and the brakes consistently even so', async () => {
      const { port, snapshot } = await openWithDelivery();
      const lately = async () => (await port.reader.read([snapshot.record], 'eventual'))[0];
      const paused = { ...snapshot.endpoint, status: 'paused' as const, generation: 2 };
      await port.endpoints.replaceIfGeneration(paused, 1);
      expect((await lately())?.endpoint).toEqual(paused);
      const note = { tenantId: paused.tenantId, endpointId: paused.id, generation: 2, at: 1 };
      const health = await port.health.countFailure(note);
      expect((await lately())?.health).toEqual(health);
      await port.brakes.set({ tenantId: paused.tenantId }, 1);
      expect((await lately())?.braked).toBe(true);
      await expect.poll(lately).toEqual({ ...snapshot, endpoint: paused, health, braked: true });
    });

    test('changes of an endpoint and notes of its health, all at once, lose nothing of each other', async () => {
      const { port, snapshot } = await openWithDelivery();
      const { tenantId, id: endpointId } = snapshot.endpoint;
      const note = { tenantId, endpointId, generation: 1, at: snapshot.record.createdAt };
      const changes = Array.from({ length: 20 }, (_, n) =>
        port.endpoints.replaceIfGeneration({ ...snapshot.endpoint, generation: 2, label: `${n}` }, 1),
      );
      const notes = Array.from({ length: 20 }, () => port.health.countFailure(note));
      const made = await Promise.all(changes);
      await Promise.all(notes);
      expect(made.filter(Boolean)).toHaveLength(1);
      const [found] = await port.reader.read([snapshot.record], 'consistent');
      expect(found?.endpoint).toEqual({ ...snapshot.endpoint, generation: 2, label: `${made.indexOf(true)}` });
      expect(found?.health).toMatchObject({ generation: 1, consecutiveFailures: 21 });
      await port.health.clearFailures({ ...note, generation: 2 });
      const [cleared] = await port.reader.read([snapshot.record], 'consistent');
      expect(cleared?.endpoint).toEqual(found?.endpoint);
      expect(cleared?.health).toMatchObject({ generation: 2, consecutiveFailures: 0 });
    });

    test('an endpoint of which nothing was noted has no health', async () => {
      const { port, make, snapshot } = await openWithDelivery();
      const fresh = make.endpoint();
      await port.endpoints.createUnlessExists(fresh);
      const [found] = await port.reader.read([{ ...snapshot.record, endpointId: fresh.id }], 'consistent');
      expect(found?.endpoint).toEqual(fresh);
      expect(found?.health).toBeUndefined();
    });

    test('health without an endpoint is no endpoint: in no list, in no count, and its id is not taken', async () => {
      const { port, make } = await openWithDelivery();
      const tenantId = make.name('tenant');
      const all = Array.from({ length: 4 }, () => make.endpoint({ tenantId })).toSorted((a, b) =>
        a.id < b.id ? -1 : 1,
      );
      for (const { id: endpointId } of all) {
        await port.health.countFailure({ tenantId, endpointId, generation: 1, at: 1 });
      }
      expect(await port.endpoints.get(tenantId, all[0]?.id ?? '')).toBeUndefined();
      expect(await port.endpoints.countOneMore(tenantId, 10)).toBe(0);
      expect(await port.endpoints.replaceIfGeneration(all[3] as Endpoint, 1)).toBe(false);
      expect(await port.endpoints.createUnlessExists(all[3] as Endpoint)).toBe(true);
      const pages = await readAllPages(async (after) => {
        const page = await port.endpoints.page(tenantId, after, 1);
        return { items: page.endpoints, next: page.next };
      });
      expect(pages.flat()).toEqual([all[3]]);
    });

    test('sees every write that has been answered', async () => {
      const { port, snapshot } = await openWithDelivery();
      const paused = { ...snapshot.endpoint, status: 'paused' as const, generation: 2 };
      await port.endpoints.replaceIfGeneration(paused, 1);
      expect((await port.reader.read([snapshot.record], 'consistent'))[0]?.endpoint).toEqual(paused);
    });
  });
}
