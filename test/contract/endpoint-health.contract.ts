import { describe, expect, test } from 'vitest';
import type { EndpointHealthStore, FailureNote } from '../../lib/ports/endpoint-store.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const AT = Date.UTC(2026, 0, 1);

export function describeEndpointHealth(name: string, open: Open<EndpointHealthStore>): void {
  describe(`${name}: endpoint health`, () => {
    async function openWithNote() {
      const { port, make } = await openForTest(open);
      const endpoint = { tenantId: make.tenantId, endpointId: make.endpointId() };
      const note = (changes: Partial<FailureNote> = {}): FailureNote => ({
        ...endpoint,
        generation: 1,
        at: AT,
        statusCode: 500,
        ...changes,
      });
      return { port, note, stored: () => port.get(endpoint.tenantId, endpoint.endpointId) };
    }

    test('there is none for an endpoint that never failed', async () => {
      const { stored } = await openWithNote();
      expect(await stored()).toBeUndefined();
    });

    test('the first failure counts 1 and begins the failing time', async () => {
      const { port, note, stored } = await openWithNote();
      const { tenantId, endpointId } = note();
      const answer = await port.countFailure(note());
      expect(answer).toEqual({
        tenantId,
        endpointId,
        generation: 1,
        consecutiveFailures: 1,
        failingSince: AT,
        lastAttemptedAt: AT,
        lastStatusCode: 500,
      });
      expect(await stored()).toEqual(answer);
    });

    test('a further failure counts on, keeps the beginning, and forgets the status code when there was no answer', async () => {
      const { port, note, stored } = await openWithNote();
      await port.countFailure(note());
      const { statusCode: _statusCode, ...unanswered } = note({ at: AT + 5000 });
      expect(await port.countFailure(unanswered)).toMatchObject({ consecutiveFailures: 2, failingSince: AT });
      expect(await stored()).toMatchObject({ lastAttemptedAt: AT + 5000 });
      expect(await stored()).not.toHaveProperty('lastStatusCode');
    });

    test('each of 50 concurrent failures is counted, and answered with another count', async () => {
      const { port, note, stored } = await openWithNote();
      const answers = await concurrently(() => port.countFailure(note()));
      const counts = answers.map(({ consecutiveFailures }) => consecutiveFailures).toSorted((a, b) => a - b);
      expect(counts).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      expect((await stored())?.consecutiveFailures).toBe(50);
    });

    test('a failure of a newer generation counts from 0 again', async () => {
      const { port, note } = await openWithNote();
      await port.countFailure(note());
      await port.countFailure(note({ at: AT + 1 }));
      const answer = await port.countFailure(note({ generation: 2, at: AT + 60_000 }));
      expect(answer).toMatchObject({ generation: 2, consecutiveFailures: 1, failingSince: AT + 60_000 });
    });

    test('a failure of an older generation changes nothing, and is answered with what is stored', async () => {
      const { port, note, stored } = await openWithNote();
      const before = await port.countFailure(note({ generation: 3 }));
      expect(await port.countFailure(note({ generation: 2, at: AT + 9 }))).toEqual(before);
      expect(await stored()).toEqual(before);
    });

    test('a success sets the count to 0 and is noted; the next failure begins a new failing time', async () => {
      const { port, note, stored } = await openWithNote();
      await port.countFailure(note());
      await port.clearFailures(note({ at: AT + 1000, statusCode: 204 }));
      expect(await stored()).toMatchObject({
        consecutiveFailures: 0,
        lastSuccessAt: AT + 1000,
        lastAttemptedAt: AT + 1000,
        lastStatusCode: 204,
      });
      expect(await stored()).not.toHaveProperty('failingSince');
      const again = await port.countFailure(note({ at: AT + 2000 }));
      expect(again).toMatchObject({ consecutiveFailures: 1, failingSince: AT + 2000, lastSuccessAt: AT + 1000 });
    });

    test('a success of an older generation clears nothing', async () => {
      const { port, note, stored } = await openWithNote();
      const before = await port.countFailure(note({ generation: 2 }));
      await port.clearFailures(note({ generation: 1, at: AT + 1000, statusCode: 200 }));
      expect(await stored()).toEqual(before);
    });

    test('a note that it is slow makes the health of an endpoint that never failed, and is removed again', async () => {
      const { port, note, stored } = await openWithNote();
      const { tenantId, endpointId } = note();
      await port.noteSlow({ tenantId, endpointId, generation: 2, since: AT, until: AT + 9 });
      const slow = { slowGeneration: 2, slowSince: AT, slowUntil: AT + 9 };
      expect(await stored()).toEqual({ tenantId, endpointId, generation: 2, consecutiveFailures: 0, ...slow });
      await port.noteSlow({ tenantId, endpointId, generation: 2, since: AT, until: AT + 90 });
      expect(await stored()).toMatchObject({ slowSince: AT, slowUntil: AT + 90 });
      await port.clearSlow({ tenantId, endpointId, generation: 2 });
      expect((await stored())?.slowGeneration).toBeUndefined();
    });

    test('that it is slow and that it fails are noted apart', async () => {
      const { port, note, stored } = await openWithNote();
      const { tenantId, endpointId } = note();
      await port.countFailure(note());
      await port.noteSlow({ tenantId, endpointId, generation: 1, since: AT, until: AT + 9 });
      const counted = { consecutiveFailures: 2, slowSince: AT, slowUntil: AT + 9 };
      expect(await port.countFailure(note({ at: AT + 1 }))).toMatchObject(counted);
      await port.clearFailures(note({ at: AT + 2, statusCode: 200 }));
      expect(await stored()).toMatchObject({ consecutiveFailures: 0, slowSince: AT, slowUntil: AT + 9 });
      await port.countFailure(note({ at: AT + 3 }));
      await port.clearSlow({ tenantId, endpointId, generation: 1 });
      expect(await stored()).toMatchObject({ consecutiveFailures: 1, failingSince: AT + 3 });
      expect(await stored()).not.toHaveProperty('slowUntil');
    });

    test('a note of an older generation neither replaces nor removes a newer one', async () => {
      const { port, note, stored } = await openWithNote();
      const { tenantId, endpointId } = note();
      await port.noteSlow({ tenantId, endpointId, generation: 3, since: AT, until: AT + 9 });
      const before = await stored();
      await port.noteSlow({ tenantId, endpointId, generation: 2, since: AT + 1, until: AT + 99 });
      await port.clearSlow({ tenantId, endpointId, generation: 2 });
      expect(await stored()).toEqual(before);
    });

    test('to remove a note that is not there creates nothing', async () => {
      const { port, note, stored } = await openWithNote();
      const { tenantId, endpointId } = note();
      await port.clearSlow({ tenantId, endpointId, generation: 1 });
      expect(await stored()).toBeUndefined();
    });
  });
}
