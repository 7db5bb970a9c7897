import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { type Api, type Json, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** One that polls over HTTP. */
class Consumer {
  readonly #api: Api;
  readonly #path: string;
  readonly name: string;
  readonly given: Json[] = [];
  #cursor: string | undefined;

  constructor(api: Api, endpointId: string, name: string) {
    this.#api = api;
    this.#path = `/v1/endpoints/${endpointId}`;
    this.name = name;
  }

  async commit(body: Json = { cursor: this.#cursor }): Promise<Json> {
    const answer = await this.#api.call('PUT', `${this.#path}/consumers/${this.name}`, body);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async poll(query = ''): Promise<Json> {
    const from = this.#cursor === undefined ? `consumer=${this.name}` : `cursor=${this.#cursor}`;
    const page = await this.#api.get(`${this.#path}/poll?${from}${query}`);
    this.#cursor = page.cursor;
    this.given.push(...page.data);
    return page;
  }

  /** Until it has been given so many different events. */
  async pollFor(count: number): Promise<void> {
    await eventually(
      () => this.poll(),
      () => new Set(this.given.map((one) => one.event_id)).size >= count,
    );
  }
}

/** Endpoints that are polled, over real sockets and stores. */
export function describePolls(backend: Backend): void {
  describe(`poll endpoints, ${backend.name}`, () => {
    const scene = new Scene(backend, 'polls');

    test('two consumers get every event, signed, and it is delivered once both have committed', async () => {
      const { api } = scene;
      const endpoint = await api.endpoint({ kind: 'poll', events: ['task.*'] });
      expect(endpoint).toMatchObject({ kind: 'poll', url: '' });
      const [one, other] = ['one', 'other'].map((name) => new Consumer(api, endpoint.id, name)) as [Consumer, Consumer];
      for (const consumer of [one, other]) await consumer.commit({ from: 'now' });
      const ids = [];
      for (let n = 0; n < 5; n += 1) ids.push((await api.post({ data: { n } })).id);
      for (const consumer of [one, other]) await consumer.pollFor(5);
      expect(new Set(one.given.map((given) => given.event_id))).toEqual(new Set(ids));
      for (const { headers, body, event_id } of one.given) {
        expect(new Webhook(endpoint.signing_secret).verify(body, headers)).toMatchObject({ type: 'task.completed' });
        expect(headers['webhook-id']).toBe(event_id);
      }
      await one.commit();
      expect((await api.delivery(ids[0], endpoint.id)).status).toBe('pending');
      await other.commit();
      for (const id of ids) await scene.ended(id, endpoint.id, 'delivered');
      const { data } = await api.get(`/v1/endpoints/${endpoint.id}/consumers`);
      expect(data.map(({ name, counts }: Json) => [name, counts])).toEqual([
        ['one', true],
        ['other', true],
      ]);
      expect((await api.call('DELETE', `/v1/endpoints/${endpoint.id}/consumers/one`)).status).toBe(204);
      const { data: left } = await api.get(`/v1/endpoints/${endpoint.id}/consumers`);
      expect(left.map(({ name }: Json) => name)).toEqual(['other']);
    });

    test('a consumer that dies between its poll and its commit is given the same again', async () => {
      const { api } = scene;
      const endpoint = await api.endpoint({ kind: 'poll' });
      const first = new Consumer(api, endpoint.id, 'worker');
      await first.commit({ from: 'now' });
      const { id } = await api.post();
      await first.pollFor(1);
      const second = new Consumer(api, endpoint.id, 'worker');
      await second.pollFor(1);
      expect(second.given.map((given) => given.event_id)).toEqual([id]);
      await second.commit();
      const third = new Consumer(api, endpoint.id, 'worker');
      expect((await third.poll()).data).toEqual([]);
    });

    test('a manual retry and a test event come to the consumers', async () => {
      const { api } = scene;
      const endpoint = await api.endpoint({ kind: 'poll' });
      const consumer = new Consumer(api, endpoint.id, 'worker');
      await consumer.commit({ from: 'oldest' });
      const { id } = await api.post();
      await consumer.pollFor(1);
      await consumer.commit();
      const delivery = await scene.ended(id, endpoint.id, 'delivered');
      expect((await api.call('POST', `/v1/deliveries/${delivery.id}/retry`)).status).toBe(202);
      await eventually(
        () => consumer.poll(),
        () => consumer.given.length === 2,
      );
      expect(consumer.given.map((given) => given.headers['webhook-id'])).toEqual([id, id]);
      expect((await api.call('POST', `/v1/endpoints/${endpoint.id}/test`)).status).toBe(202);
      await eventually(
        () => consumer.poll(),
        () => consumer.given.length === 3,
      );
      expect(consumer.given.map((given) => given.test)).toEqual([false, false, true]);
    });

    test('a cursor that would have two weeks read at once is refused: no poll has written it', async () => {
      const { api } = scene;
      const { id } = await api.endpoint({ kind: 'poll' });
      const cursorFrom = (finalUntil: number) =>
        Buffer.from(JSON.stringify([id, finalUntil, String(Date.now()), {}])).toString('base64url');
      const call = (finalUntil: number) => api.call('GET', `/v1/endpoints/${id}/poll?cursor=${cursorFrom(finalUntil)}`);
      expect(await call(0)).toMatchObject({ status: 400, body: { type: '/problems/invalid-cursor' } });
      expect((await call(Date.now() - 60_000)).status).toBe(200);
    });

    test('a cursor of another endpoint, or of a time that has not come, is refused', async () => {
      const { api } = scene;
      const [endpoint, other] = [await api.endpoint({ kind: 'poll' }), await api.endpoint({ kind: 'poll' })];
      const { cursor } = await new Consumer(api, endpoint.id, 'worker').commit({ from: 'now' });
      const [id, , , given] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      const inADay = Date.now() + 86_400_000;
      const future = [id, inADay, String(inADay), given];
      const forged = Buffer.from(JSON.stringify(future)).toString('base64url');
      const path = `/v1/endpoints/${endpoint.id}`;
      const refusals = [
        await api.call('GET', `${path}/poll?cursor=${forged}`),
        await api.call('PUT', `${path}/consumers/worker`, { cursor: forged }),
        await api.call('PUT', `/v1/endpoints/${other.id}/consumers/worker`, { cursor }),
      ];
      expect(refusals.map(({ status, body }) => [status, body.type.split('/').at(-1)])).toEqual(
        refusals.map(() => [400, 'invalid-cursor']),
      );
    });

    test('what a poll can’t do is refused in words', async () => {
      const { api } = scene;
      const pushed = await api.endpoint({ url: 'https://example.com/hooks' });
      const polled = await api.endpoint({ kind: 'poll' });
      const path = `/v1/endpoints/${polled.id}`;
      const refusals = [
        await api.call('GET', `/v1/endpoints/${pushed.id}/poll`),
        await api.call('GET', `${path}/poll?cursor=nonsense`),
        await api.call('GET', `${path}/poll?wait=21`),
        await api.call('PUT', `${path}/consumers/x`, {}),
        await api.call('PUT', `${path}/consumers/x`, { from: 'now', cursor: 'x' }),
        await api.call('PUT', `${path}/consumers/a%20b`, { from: 'now' }),
        await api.call('DELETE', `${path}/consumers/nobody`),
        await api.call('PATCH', path, { url: 'https://example.com/hooks' }),
        await api.call('POST', '/v1/endpoints', { kind: 'poll', events: ['*'], url: 'https://example.com/hooks' }),
        await api.call('POST', '/v1/endpoints', { events: ['*'] }),
      ];
      expect(refusals.map(({ status, body }) => [status, body.type.split('/').at(-1)])).toEqual([
        [409, 'wrong-state'],
        [400, 'invalid-cursor'],
        [400, 'invalid-request'],
        [422, 'invalid-request'],
        [422, 'invalid-request'],
        [404, 'not-found'],
        [404, 'not-found'],
        [409, 'wrong-state'],
        [422, 'invalid-request'],
        [422, 'invalid-request'],
      ]);
      // In the words of polls: they have no `next_cursor`.
      expect(refusals.slice(0, 2).map(({ body }) => body.detail)).toEqual([
        'The endpoint is of `kind: push`: requests are sent to it. Only one of `kind: poll` can be polled.',
        '`cursor` is not from a poll of this endpoint: pass the `cursor` of an earlier answer unchanged.',
      ]);
    });
  });
}
