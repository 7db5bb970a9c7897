import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** The main job over real sockets: an event is posted, and arrives, signed, retried, dead-lettered, as promised. */
export function describeMainJob(backend: Backend): void {
  describe(`the main job, ${backend.name}`, () => {
    const scene = new Scene(backend, 'main');

    test('an event posted by HTTP arrives, and the official library verifies it', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      const { id, deliveries } = await scene.api.post({ data: { title: 'Grüße 😀', n: 12.5 } });
      expect(deliveries).toBe(1);
      const [arrival] = await scene.arrived(at, id);
      expect(new Webhook(endpoint.signing_secret).verify(arrival?.body ?? '', arrival?.headers ?? {})).toEqual({
        type: 'task.completed',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        data: { title: 'Grüße 😀', n: 12.5 },
      });
      expect(await scene.ended(id, endpoint.id, 'delivered')).toMatchObject({
        status_code: 200,
        attempt_number: 1,
        max_attempts: 10,
      });
    });

    test('a receiver that answers 500 twice gets three attempts, with the same id, as scheduled', async () => {
      const at = await scene.receiver((nth) => (nth <= 2 ? 500 : 200));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [1, 1] } });
      const { id } = await scene.api.post();
      const delivery = await scene.ended(id, endpoint.id, 'delivered');
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
      const at = await scene.receiver(() => 503);
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [1] } });
      const before = await scene.running.countMessages('exhausted');
      const { id } = await scene.api.post();
      const delivery = await scene.ended(id, endpoint.id, 'exhausted');
      expect(delivery).toMatchObject({ status_code: 503, attempt_number: 2, max_attempts: 2, next_retry_at: null });
      expect(delivery.attempts.map((one: { response_body: unknown }) => one.response_body)).toEqual(['seen', 'seen']);
      await eventually(
        () => scene.running.countMessages('exhausted'),
        (count) => count === before + 1,
      );
      const { data } = await scene.api.get(`/v1/deliveries?status=exhausted&endpoint_id=${endpoint.id}`);
      expect(data.map((one: { event_id: string }) => one.event_id)).toEqual([id]);
    });

    test('a dead letter that is redriven is tried again, with a fresh schedule', async () => {
      let healed = false;
      const at = await scene.receiver(() => (healed ? 200 : 500));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [1] } });
      // Another test may have left one there, and this one's comes after its record.
      const before = await scene.running.countMessages('exhausted');
      const { id } = await scene.api.post();
      await scene.ended(id, endpoint.id, 'exhausted');
      healed = true;
      await eventually(
        () => scene.running.countMessages('exhausted'),
        (count) => count === before + 1,
      );
      await scene.running.redrive();
      expect(await scene.ended(id, endpoint.id, 'delivered')).toMatchObject({ attempt_number: 3 });
    });

    test('one event goes to five endpoints', async () => {
      const five = await Promise.all(Array.from({ length: 5 }, () => scene.receiver()));
      const endpoints = await Promise.all(five.map((at) => scene.api.endpoint({ url: at.url })));
      const { id, deliveries } = await scene.api.post();
      expect(deliveries).toBe(5);
      for (const at of five) expect(await scene.arrived(at, id)).toHaveLength(1);
      for (const endpoint of endpoints) await scene.ended(id, endpoint.id, 'delivered');
      expect(await scene.api.get(`/v1/events/${id}`)).toMatchObject({ counts: { delivered: 5, pending: 0 } });
    });

    test('each endpoint gets what it subscribed to, a project endpoint only its project', async () => {
      const at = {
        exact: await scene.receiver(),
        prefix: await scene.receiver(),
        all: await scene.receiver(),
        project: await scene.receiver(),
      };
      await scene.api.endpoint({ url: at.exact.url, events: ['task.completed'] });
      await scene.api.endpoint({ url: at.prefix.url, events: ['task.*'] });
      await scene.api.endpoint({ url: at.all.url });
      await scene.api.endpoint({ url: at.project.url, project_id: 'proj_1' });
      const completed = await scene.api.post({ type: 'task.completed', project: { id: 'proj_1', name: 'One' } });
      const started = await scene.api.post({ type: 'task.started', project: { id: 'proj_2' } });
      const pushed = await scene.api.post({ type: 'snapshot.pushed' });
      expect([completed.deliveries, started.deliveries, pushed.deliveries]).toEqual([4, 2, 1]);
      await scene.arrived(at.all, pushed.id);
      await scene.arrived(at.prefix, started.id);
      await scene.arrived(at.exact, completed.id);
      await scene.arrived(at.project, completed.id);
      expect(at.exact.of(started.id)).toHaveLength(0);
      expect(at.prefix.of(pushed.id)).toHaveLength(0);
      expect(at.project.of(started.id)).toHaveLength(0);
    });

    test('a paused endpoint gets nothing, and all of it after the resume', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      await scene.api.change(endpoint.id, 'pause');
      const posted = [await scene.api.post(), await scene.api.post(), await scene.api.post()];
      for (const { id } of posted) await scene.ended(id, endpoint.id, 'held');
      expect(at.arrivals).toHaveLength(0);
      await scene.api.change(endpoint.id, 'resume');
      for (const { id } of posted) await scene.ended(id, endpoint.id, 'delivered');
      expect(at.arrivals).toHaveLength(3);
    });

    test('an event posted right after its endpoint was created reaches it', async () => {
      await scene.api.post();
      for (let round = 0; round < 5; round += 1) {
        const at = await scene.receiver();
        const endpoint = await scene.api.endpoint({ url: at.url });
        const { id } = await scene.api.post();
        await scene.arrived(at, id);
        expect((await scene.api.call('DELETE', `/v1/endpoints/${endpoint.id}`)).status).toBe(204);
      }
    });

    test('disabled and deleted endpoints get nothing more, and what waits is abandoned', async () => {
      const at = await scene.receiver(() => 500);
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [600] } });
      const { id } = await scene.api.post();
      await scene.ended(id, endpoint.id, 'retrying');
      await scene.api.change(endpoint.id, 'disable');
      expect((await scene.ended(id, endpoint.id, 'abandoned')).status_reason).toBe('disabled');
      expect((await scene.api.post()).deliveries).toBe(0);
      expect((await scene.api.call('DELETE', `/v1/endpoints/${endpoint.id}`)).status).toBe(204);
      expect((await scene.api.call('GET', `/v1/endpoints/${endpoint.id}`)).status).toBe(404);
    });

    test('the same Idempotency-Key is the same event, with another body it is a conflict', async () => {
      const at = await scene.receiver();
      await scene.api.endpoint({ url: at.url });
      const key = { 'idempotency-key': 'order-1' };
      const posts = await Promise.all(Array.from({ length: 10 }, () => scene.api.post({}, key)));
      expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
      await scene.arrived(at, posts[0].id);
      const other = await scene.api.call('POST', '/v1/events', { type: 'other', data: {} }, key);
      expect(other.status).toBe(409);
      expect(other.headers.get('content-type')).toContain('application/problem+json');
      expect(at.arrivals).toHaveLength(1);
    });

    test('the history lists deliveries of the tenant and of an endpoint, page by page', async () => {
      const at = await scene.receiver();
      const [a, b] = [
        await scene.api.endpoint({ url: at.url }),
        await scene.api.endpoint({ url: at.url, events: ['task.*'] }),
      ];
      const ids: string[] = [];
      for (let n = 0; n < 7; n += 1) ids.push((await scene.api.post()).id);
      for (const id of ids) await scene.ended(id, b.id, 'delivered');
      for (const id of ids) await scene.ended(id, a.id, 'delivered');
      const all = await pages(scene.api, '/v1/deliveries?limit=3');
      expect(new Set(all.map(({ id }) => id)).size).toBe(14);
      const ofA = await pages(scene.api, `/v1/deliveries?limit=3&endpoint_id=${a.id}`);
      expect(ofA.map(({ event_id }) => event_id)).toEqual(ids.toReversed());
      const events = await pages(scene.api, '/v1/events?limit=3');
      expect(events.map(({ id }) => id)).toEqual(ids.toReversed());
    });

    test('another tenant sees nothing of it', async () => {
      const at = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: at.url });
      const { id } = await scene.api.post();
      const delivery = await scene.ended(id, endpoint.id, 'delivered');
      scene.changeTenant();
      for (const path of [`/v1/endpoints/${endpoint.id}`, `/v1/events/${id}`, `/v1/deliveries/${delivery.id}`]) {
        expect((await scene.api.call('GET', path)).status, path).toBe(404);
      }
      expect((await scene.api.get('/v1/deliveries')).data).toEqual([]);
    });

    test('a bad request is a problem that says what to do, and nothing is kept of it', async () => {
      const bad = await scene.api.call('POST', '/v1/events', { type: 'a', data: {}, tpye: 'b' });
      expect(bad.status).toBe(422);
      expect(JSON.stringify(bad.body)).toContain('tpye');
      expect((await scene.api.get('/v1/events')).data).toEqual([]);
      expect((await scene.api.call('GET', '/v1/events', undefined, { authorization: 'Bearer prk_wrong' })).status).toBe(
        401,
      );
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
