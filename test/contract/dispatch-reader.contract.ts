import { describe, expect, test } from 'vitest';
import type { Brakes } from '../../lib/ports/brakes.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { DispatchReader } from '../../lib/ports/dispatch-reader.ts';
import type { EndpointHealthStore, EndpointStore } from '../../lib/ports/endpoint-store.ts';
import type { EventLog } from '../../lib/ports/event-log.ts';
import { written } from '../support/records.ts';
import { type Open, openForTest } from './opened.ts';

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
      expect(await port.reader.read([snapshot.record])).toEqual([snapshot]);
    });

    test('what is absent is undefined', async () => {
      const { port, make } = await openWithDelivery();
      const nothing = { event: undefined, record: undefined, endpoint: undefined, health: undefined, braked: false };
      expect(await port.reader.read([make.delivery()])).toEqual([nothing]);
      expect(await port.reader.read([])).toEqual([]);
    });

    test('answers in the order of the keys, also for one event and endpoint in several keys', async () => {
      const { port, make, snapshot } = await openWithDelivery();
      const retriedByHand = { ...snapshot.record, ordinal: 1 };
      const unknown = make.delivery({ eventId: snapshot.event.id });
      const answers = await port.reader.read([retriedByHand, unknown, snapshot.record, snapshot.record]);
      expect(answers).toEqual([
        { ...snapshot, record: undefined },
        { event: snapshot.event, record: undefined, endpoint: undefined, health: undefined, braked: false },
        snapshot,
        snapshot,
      ]);
    });

    test("a brake of the tenant's, or of the deployment's, is seen until it is released", async () => {
      const { port, snapshot } = await openWithDelivery();
      const braked = async () => (await port.reader.read([snapshot.record]))[0]?.braked;
      for (const scope of [{ tenantId: snapshot.event.tenantId }, 'deployment'] as const) {
        await port.brakes.set(scope, 1);
        expect(await braked()).toBe(true);
        await port.brakes.release(scope);
        expect(await braked()).toBe(false);
      }
      await port.brakes.set({ tenantId: 'another' }, 1);
      expect(await braked()).toBe(false);
    });

    test('sees every write that has been answered', async () => {
      const { port, snapshot } = await openWithDelivery();
      const paused = { ...snapshot.endpoint, status: 'paused' as const, generation: 2 };
      await port.endpoints.replaceIfGeneration(paused, 1);
      expect((await port.reader.read([snapshot.record]))[0]?.endpoint).toEqual(paused);
    });
  });
}
