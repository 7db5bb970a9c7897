import { describe, expect, test } from 'vitest';
import { type Json, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** What a person does about deliveries, over real sockets: retries, replays, their jobs, and what waits. */
export function describeManual(backend: Backend): void {
  describe(`manual retries and replays, ${backend.name}`, () => {
    const scene = new Scene(backend, 'manual');
    const call = async (path: string, body?: unknown, status = 202): Promise<Json> => {
      const answer = await scene.api.call('POST', path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(status);
      return answer.body;
    };
    const delivery = (id: string, status: string) =>
      eventually(
        () => scene.api.get(`/v1/deliveries/${id}`),
        (shown) => shown.status === status,
      );
    const done = (job: { id: string }) =>
      eventually(
        () => scene.api.get(`/v1/jobs/${job.id}`),
        ({ status }) => status !== 'running',
      );

    test('a retry of an exhausted delivery is a new one, and its dead letter is stale', async () => {
      let isUp = false;
      const at = await scene.receiver(() => (isUp ? 200 : 503));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [] } });
      const { id: eventId } = await scene.api.post();
      const first = await scene.ended(eventId, endpoint.id, 'exhausted');
      isUp = true;
      const made = await call(`/v1/deliveries/${first.id}/retry`);
      expect(made).toMatchObject({ event_id: eventId, retried_from_delivery_id: first.id });
      expect(made.id).not.toBe(first.id);
      expect(await delivery(made.id, 'delivered')).toMatchObject({ attempt_number: 1, status_code: 200 });
      const others = await scene.running.countMessages('retries');
      await scene.running.redrive();
      await eventually(
        () => scene.running.countMessages('retries'),
        (count) => count <= others,
      );
      expect(await delivery(first.id, 'exhausted')).toMatchObject({ status_code: 503 });
      expect(at.of(eventId)).toHaveLength(2);
    });

    test('a retry of a delivery that waits goes at once', async () => {
      const at = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [3600] } });
      const { id: eventId } = await scene.api.post();
      const waiting = await scene.ended(eventId, endpoint.id, 'retrying');
      expect((await call(`/v1/deliveries/${waiting.id}/retry`)).id).toBe(waiting.id);
      expect(await delivery(waiting.id, 'delivered')).toMatchObject({ attempt_number: 2 });
    });

    test('a held delivery and one of a disabled endpoint are not retried, and it is said what to do', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      await scene.api.change(endpoint.id, 'pause');
      const { id: eventId } = await scene.api.post();
      const held = await scene.ended(eventId, endpoint.id, 'held');
      expect((await call(`/v1/deliveries/${held.id}/retry`, undefined, 409)).detail).toContain('resume the endpoint');
      await scene.api.change(endpoint.id, 'disable');
      await delivery(held.id, 'abandoned');
      expect((await call(`/v1/deliveries/${held.id}/retry`, undefined, 409)).detail).toContain('enable that first');
      await scene.api.change(endpoint.id, 'enable');
      await delivery((await call(`/v1/deliveries/${held.id}/retry`)).id, 'delivered');
    });

    test('a bulk retry sends what was exhausted, once, and shows its progress', async () => {
      let isUp = false;
      const at = await scene.receiver(() => (isUp ? 200 : 500));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [] } });
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.push((await scene.api.post()).id);
      for (const id of ids) await scene.ended(id, endpoint.id, 'exhausted');
      const listed = () => scene.api.get(`/v1/deliveries?status=exhausted&endpoint_id=${endpoint.id}`);
      await eventually(listed, ({ data }) => data.length === ids.length);
      isUp = true;
      const job = await call('/v1/deliveries/retry', { status: 'exhausted', endpoint_id: endpoint.id });
      expect(job).toMatchObject({ kind: 'retry', endpoint_id: endpoint.id });
      expect(await done(job)).toMatchObject({ status: 'done', processed: 5, skipped: 0 });
      await eventually(
        async () => ids.map((id) => at.of(id).length),
        (counts) => counts.every((count) => count === 2),
      );
      const again = await call('/v1/deliveries/retry', { status: 'exhausted' });
      expect(await done(again)).toMatchObject({ processed: 0, skipped: 5 });
    });

    test('a replay sends an endpoint what it did not subscribe to then', async () => {
      const since = new Date(Date.now() - 60_000).toISOString();
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url, events: ['task.completed'] });
      const { id: matched } = await scene.api.post();
      const { id: unknown } = await scene.api.post({ type: 'deploy.done' });
      await scene.ended(matched, endpoint.id, 'delivered');
      await scene.api.call('PATCH', `/v1/endpoints/${endpoint.id}`, { events: ['task.*', 'deploy.*'] });
      const job = await call(`/v1/endpoints/${endpoint.id}/replay`, { since });
      expect(await done(job)).toMatchObject({ kind: 'replay', status: 'done', processed: 2 });
      await scene.ended(unknown, endpoint.id, 'delivered');
      await eventually(
        async () => [at.of(matched).length, at.of(unknown).length],
        ([twice, once]) => twice === 2 && once === 1,
      );
      expect(await scene.api.get(`/v1/events/${unknown}`)).toMatchObject({ counts: { delivered: 1, pending: 0 } });
    });

    test('a replay of one event goes to the endpoints that are named', async () => {
      const [first, later] = [await scene.receiver(), await scene.receiver()];
      await scene.api.endpoint({ url: first.url });
      const { id: eventId } = await scene.api.post();
      const named = await scene.api.endpoint({ url: later.url, events: ['other'] });
      const job = await call(`/v1/events/${eventId}/replay`, { endpoint_ids: [named.id] });
      expect(await done(job)).toMatchObject({ event_id: eventId, processed: 1 });
      await scene.ended(eventId, named.id, 'delivered');
      expect([first.of(eventId).length, later.of(eventId).length]).toEqual([1, 1]);
    });

    test('usage shows what was sent, to the tenant alone that it was sent for', async () => {
      const at = await scene.receiver();
      await scene.api.endpoint({ url: at.url });
      const { total } = await eventually(
        async () => {
          // A function that is called again within a second adds what it counted then.
          await scene.api.post();
          return scene.api.get('/v1/usage');
        },
        (usage) => usage.total.delivered > 0,
        { everyMs: 500 },
      );
      expect(total.attempts).toBe(total.delivered);
      expect(total.events).toBe(total.delivered);
      expect(total.delivered).toBeLessThanOrEqual(at.arrivals.length);
      scene.changeTenant();
      expect((await scene.api.get('/v1/usage')).data).toEqual([]);
    });

    test('what waits is summarized, and a job that is done cannot be cancelled', async () => {
      const at = await scene.receiver(() => 500);
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [600] } });
      const { id: eventId } = await scene.api.post();
      const waiting = await scene.ended(eventId, endpoint.id, 'retrying');
      const summary = await eventually(
        () => scene.api.get('/v1/retries/summary'),
        ({ counts }) => counts.retrying === 1,
      );
      expect(summary).toMatchObject({ due: 0, oldest_due_at: null, next_due_at: waiting.next_retry_at, held: 0 });
      expect(await call('/v1/retries/run?limit=10', undefined, 200)).toEqual({ processed: 0, more: false });
      const job = await call('/v1/deliveries/retry', { status: 'abandoned' });
      await done(job);
      expect((await call(`/v1/jobs/${job.id}/cancel`, undefined, 409)).detail).toContain('done');
    });
  });
}
