import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import type { Backend, RunningBackend } from './backend.ts';
import { Receiver } from './receiver.ts';

/** The main job over real sockets: an event is posted, and arrives, signed, retried, dead-lettered, as promised. */
export function describeMainJob(backend: Backend): void {
  describe(`the main job, ${backend.name}`, () => {
    let running: RunningBackend;
    let api: Api;
    const receivers: Receiver[] = [];
    let tenants = 0;

    const receiver = async (answer?: (nth: number) => number) => {
      const started = await Receiver.start(answer);
      receivers.push(started);
      return started;
    };
    const arrived = (at: Receiver, eventId: string, times = 1) =>
      eventually(
        async () => at.of(eventId),
        (arrivals) => arrivals.length >= times,
      );
    const ended = (eventId: string, endpointId: string, status: string) =>
      eventually(
        () => api.delivery(eventId, endpointId),
        (delivery) => delivery?.status === status,
      );

    beforeAll(async () => {
      running = await backend.start();
    });
    afterAll(() => running.stop());
    // Each test has a tenant of its own.
    const fresh = () => {
      tenants += 1;
      api = new Api(running, `org_${backend.name}_${tenants}`);
    };
    afterEach(async () => {
      await Promise.all(receivers.splice(0).map((one) => one.stop()));
    });

    test('an event posted by HTTP arrives, and the official library verifies it', async () => {
      fresh();
      const at = await receiver();
      const endpoint = await api.endpoint({ url: at.url });
      const { id, deliveries } = await api.post({ data: { title: 'Grüße 😀', n: 12.5 } });
      expect(deliveries).toBe(1);
      const [arrival] = await arrived(at, id);
      expect(new Webhook(endpoint.signing_secret).verify(arrival?.body ?? '', arrival?.headers ?? {})).toEqual({
        type: 'task.completed',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        data: { title: 'Grüße 😀', n: 12.5 },
      });
      expect(await ended(id, endpoint.id, 'delivered')).toMatchObject({
        status_code: 200,
        attempt_number: 1,
        max_attempts: 10,
      });
    });

    test('a receiver that answers 500 twice gets three attempts, with the same id, as scheduled', async () => {
      fresh();
      const at = await receiver((nth) => (nth <= 2 ? 500 : 200));
      const endpoint = await api.endpoint({ url: at.url, retry: { delays: [1, 1] } });
      const { id } = await api.post();
      const delivery = await ended(id, endpoint.id, 'delivered');
      expect(delivery.attempts.map((one: { status_code: number }) => one.status_code)).toEqual([500, 500, 200]);
      const arrivals = at.of(id);
      expect(arrivals).toHaveLength(3);
      const stamps = arrivals.map(({ headers }) => Number(headers['webhook-timestamp']));
      expect(stamps[1]).toBeGreaterThan(stamps[0] ?? 0);
      expect(stamps[2]).toBeGreaterThan(stamps[1] ?? 0);
      const gaps = arrivals.slice(1).map(({ at: time }, index) => time - (arrivals[index]?.at ?? 0));
      // Never early; how late a machine is says nothing about the schedule.
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(800);
      for (const { body, headers } of arrivals) new Webhook(endpoint.signing_secret).verify(body, headers);
    });

    test('a dead receiver ends exhausted in the history, with its last status, and in the dead letters', async () => {
      fresh();
      const at = await receiver(() => 503);
      const endpoint = await api.endpoint({ url: at.url, retry: { delays: [1] } });
      const before = await running.countMessages('exhausted');
      const { id } = await api.post();
      const delivery = await ended(id, endpoint.id, 'exhausted');
      expect(delivery).toMatchObject({ status_code: 503, attempt_number: 2, max_attempts: 2, next_retry_at: null });
      expect(delivery.attempts.map((one: { response_body: unknown }) => one.response_body)).toEqual(['seen', 'seen']);
      await eventually(
        () => running.countMessages('exhausted'),
        (count) => count === before + 1,
      );
      const { data } = await api.get(`/v1/deliveries?status=exhausted&endpoint_id=${endpoint.id}`);
      expect(data.map((one: { event_id: string }) => one.event_id)).toEqual([id]);
    });

    test('a dead letter that is redriven is tried again, with a fresh schedule', async () => {
      fresh();
      let healed = false;
      const at = await receiver(() => (healed ? 200 : 500));
      const endpoint = await api.endpoint({ url: at.url, retry: { delays: [1] } });
      const { id } = await api.post();
      await ended(id, endpoint.id, 'exhausted');
      healed = true;
      await eventually(
        () => running.countMessages('exhausted'),
        (count) => count > 0,
      );
      await running.redrive();
      expect(await ended(id, endpoint.id, 'delivered')).toMatchObject({ attempt_number: 3 });
    });

    test('one event goes to five endpoints', async () => {
      fresh();
      const five = await Promise.all(Array.from({ length: 5 }, () => receiver()));
      const endpoints = await Promise.all(five.map((at) => api.endpoint({ url: at.url })));
      const { id, deliveries } = await api.post();
      expect(deliveries).toBe(5);
      for (const at of five) expect(await arrived(at, id)).toHaveLength(1);
      for (const endpoint of endpoints) await ended(id, endpoint.id, 'delivered');
      expect(await api.get(`/v1/events/${id}`)).toMatchObject({ counts: { delivered: 5, pending: 0 } });
    });

    test('each endpoint gets what it subscribed to, a project endpoint only its project', async () => {
      fresh();
      const at = {
        exact: await receiver(),
        prefix: await receiver(),
        all: await receiver(),
        project: await receiver(),
      };
      await api.endpoint({ url: at.exact.url, events: ['task.completed'] });
      await api.endpoint({ url: at.prefix.url, events: ['task.*'] });
      await api.endpoint({ url: at.all.url });
      await api.endpoint({ url: at.project.url, project_id: 'proj_1' });
      const completed = await api.post({ type: 'task.completed', project: { id: 'proj_1', name: 'One' } });
      const started = await api.post({ type: 'task.started', project: { id: 'proj_2' } });
      const pushed = await api.post({ type: 'snapshot.pushed' });
      expect([completed.deliveries, started.deliveries, pushed.deliveries]).toEqual([4, 2, 1]);
      await arrived(at.all, pushed.id);
      await arrived(at.prefix, started.id);
      await arrived(at.exact, completed.id);
      await arrived(at.project, completed.id);
      expect(at.exact.of(started.id)).toHaveLength(0);
      expect(at.prefix.of(pushed.id)).toHaveLength(0);
      expect(at.project.of(started.id)).toHaveLength(0);
    });

    test('a paused endpoint gets nothing, and all of it after the resume', async () => {
      fresh();
      const at = await receiver();
      const endpoint = await api.endpoint({ url: at.url });
      await api.change(endpoint.id, 'pause');
      const posted = [await api.post(), await api.post(), await api.post()];
      for (const { id } of posted) await ended(id, endpoint.id, 'held');
      expect(at.arrivals).toHaveLength(0);
      await api.change(endpoint.id, 'resume');
      for (const { id } of posted) await ended(id, endpoint.id, 'delivered');
      expect(at.arrivals).toHaveLength(3);
    });

    test('an event posted right after its endpoint was created reaches it', async () => {
      fresh();
      await api.post();
      for (let round = 0; round < 5; round += 1) {
        const at = await receiver();
        const endpoint = await api.endpoint({ url: at.url });
        const { id } = await api.post();
        await arrived(at, id);
        expect((await api.call('DELETE', `/v1/endpoints/${endpoint.id}`)).status).toBe(204);
      }
    });

    test('disabled and deleted endpoints get nothing more, and what waits is abandoned', async () => {
      fresh();
      const at = await receiver(() => 500);
      const endpoint = await api.endpoint({ url: at.url, retry: { delays: [600] } });
      const { id } = await api.post();
      await ended(id, endpoint.id, 'retrying');
      await api.change(endpoint.id, 'disable');
      expect((await ended(id, endpoint.id, 'abandoned')).status_reason).toBe('disabled');
      expect((await api.post()).deliveries).toBe(0);
      expect((await api.call('DELETE', `/v1/endpoints/${endpoint.id}`)).status).toBe(204);
      expect((await api.call('GET', `/v1/endpoints/${endpoint.id}`)).status).toBe(404);
    });

    test('the same Idempotency-Key is the same event, with another body it is a conflict', async () => {
      fresh();
      const at = await receiver();
      await api.endpoint({ url: at.url });
      const key = { 'idempotency-key': 'order-1' };
      const posts = await Promise.all(Array.from({ length: 10 }, () => api.post({}, key)));
      expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
      await arrived(at, posts[0].id);
      const other = await api.call('POST', '/v1/events', { type: 'other', data: {} }, key);
      expect(other.status).toBe(409);
      expect(other.headers.get('content-type')).toContain('application/problem+json');
      expect(at.arrivals).toHaveLength(1);
    });

    test('the history lists deliveries of the tenant and of an endpoint, page by page', async () => {
      fresh();
      const at = await receiver();
      const [a, b] = [await api.endpoint({ url: at.url }), await api.endpoint({ url: at.url, events: ['task.*'] })];
      const ids: string[] = [];
      for (let n = 0; n < 7; n += 1) ids.push((await api.post()).id);
      for (const id of ids) await ended(id, b.id, 'delivered');
      for (const id of ids) await ended(id, a.id, 'delivered');
      const all = await pages(api, '/v1/deliveries?limit=3');
      expect(new Set(all.map(({ id }) => id)).size).toBe(14);
      const ofA = await pages(api, `/v1/deliveries?limit=3&endpoint_id=${a.id}`);
      expect(ofA.map(({ event_id }) => event_id)).toEqual(ids.toReversed());
      const events = await pages(api, '/v1/events?limit=3');
      expect(events.map(({ id }) => id)).toEqual(ids.toReversed());
    });

    test('another tenant sees nothing of it', async () => {
      fresh();
      const at = await receiver();
      const endpoint = await api.endpoint({ url: at.url });
      const { id } = await api.post();
      const delivery = await ended(id, endpoint.id, 'delivered');
      fresh();
      for (const path of [`/v1/endpoints/${endpoint.id}`, `/v1/events/${id}`, `/v1/deliveries/${delivery.id}`]) {
        expect((await api.call('GET', path)).status, path).toBe(404);
      }
      expect((await api.get('/v1/deliveries')).data).toEqual([]);
    });

    test('a bad request is a problem that says what to do, and nothing is kept of it', async () => {
      fresh();
      const bad = await api.call('POST', '/v1/events', { type: 'a', data: {}, tpye: 'b' });
      expect(bad.status).toBe(422);
      expect(JSON.stringify(bad.body)).toContain('tpye');
      expect((await api.get('/v1/events')).data).toEqual([]);
      expect((await api.call('GET', '/v1/events', undefined, { authorization: 'Bearer prk_wrong' })).status).toBe(401);
    });
  });
}

async function pages(api: Api, path: string): Promise<Record<string, string>[]> {
  const all: Record<string, string>[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: Record<string, string>[]; next_cursor: string | null } = await api.get(
      cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    all.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}
