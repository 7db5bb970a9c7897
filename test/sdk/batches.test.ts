import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { ConnectionError, type Postrider } from '@postrider/sdk';
import { problemOf, scriptedClient } from './scripted-fetch.ts';

interface Posted {
  idempotency_key: string;
  data: { n: number; text?: string };
}

const event = (n: number, text?: string) => ({ type: 'a.b', data: { n, ...(text !== undefined && { text }) } });
const eventsOf = (body: string) => (JSON.parse(body) as { events: Posted[] }).events;

/** A client of a service that answers each event by itself. */
function batchService(resultOf: (posted: Posted, call: number) => object) {
  const bodies: string[] = [];
  const service = vi.fn(async (_: unknown, init?: RequestInit) => {
    bodies.push(String(init?.body));
    return Response.json({ data: eventsOf(String(init?.body)).map((one) => resultOf(one, bodies.length)) });
  });
  const { client } = scriptedClient([], { fetch: service as never });
  return { client, bodies };
}

const accept = ({ data: { n } }: Posted) => ({ id: `evt_${n}`, deliveries: 1 });
const refuse = (status: number, code: string) => ({ error: problemOf(status, code).body });

async function outcomesOf(client: Postrider, events: Parameters<Postrider['events']['postAll']>[0]) {
  const outcomes = [];
  for await (const outcome of client.events.postAll(events)) outcomes.push(outcome);
  return outcomes;
}

describe('posting all of many events', () => {
  test('makes batches of 100, and each event has its own result, in their order', async () => {
    const { client, bodies } = batchService(accept);
    const outcomes = await outcomesOf(
      client,
      Array.from({ length: 250 }, (_, n) => event(n)),
    );
    expect(bodies.map((body) => eventsOf(body).length)).toEqual([100, 100, 50]);
    expect(outcomes.map(({ accepted }) => accepted?.id)).toEqual(Array.from({ length: 250 }, (_, n) => `evt_${n}`));
  });

  test('makes no batch of more than 1 MiB, counted in bytes, and fills each', async () => {
    const { client, bodies } = batchService(accept);
    // Each character has three bytes.
    const events = Array.from({ length: 30 }, (_, n) => event(n, '€'.repeat(40_000)));
    await outcomesOf(client, events);
    const sizes = bodies.map((body) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
    expect(bodies.map((body) => eventsOf(body).length)).toEqual([8, 8, 8, 6]);
  });

  test('fills a batch to the last byte', async () => {
    const keyed = (n: number, text: string) => ({ ...event(n, text), idempotency_key: 'k' });
    const sizeOf = (text: string) => Buffer.byteLength(JSON.stringify({ events: [keyed(0, text), keyed(1, '')] }));
    const exact = 'x'.repeat(1_048_576 - sizeOf(''));
    for (const [text, batches] of [
      [exact, [2]],
      [`${exact}x`, [1, 1]],
    ] as const) {
      const { client, bodies } = batchService(accept);
      await outcomesOf(client, [keyed(0, text), keyed(1, '')]);
      expect(bodies.map((body) => eventsOf(body).length)).toEqual(batches);
      expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(1_048_576);
    }
  });

  test('takes events as they come, and posts what it has when they end', async () => {
    const { client, bodies } = batchService(accept);
    async function* coming() {
      for (let n = 0; n < 3; n += 1) yield event(n);
    }
    expect(await outcomesOf(client, coming())).toHaveLength(3);
    expect(bodies).toHaveLength(1);
    expect(await outcomesOf(client, [])).toEqual([]);
    expect(bodies).toHaveLength(1);
  });

  test('a refused event is an outcome beside those that were accepted', async () => {
    const { client, bodies } = batchService((one) => (one.data.n === 1 ? refuse(422, 'invalid-request') : accept(one)));
    const [first, second, third] = await outcomesOf(client, [event(0), event(1), event(2)]);
    expect([first?.accepted?.id, third?.accepted?.id]).toEqual(['evt_0', 'evt_2']);
    expect(second).toMatchObject({ error: { code: 'invalid-request' }, event: { data: { n: 1 } } });
    expect(bodies).toHaveLength(1);
  });

  test('what could not be taken right now is posted again, alone and under the same key', async () => {
    vi.useFakeTimers();
    const { client, bodies } = batchService((one, call) =>
      one.data.n === 1 && call === 1 ? refuse(503, 'unavailable') : accept(one),
    );
    const call = outcomesOf(client, [event(0), event(1)]);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect((await call).map(({ accepted }) => accepted?.id)).toEqual(['evt_0', 'evt_1']);
    const [first, second] = bodies.map(eventsOf);
    expect(second).toEqual([first?.[1]]);
    expect(first?.[0]?.idempotency_key).not.toBe(first?.[1]?.idempotency_key);
  });

  test('a call that fails is the outcome of its events, which have the keys to post them again', async () => {
    const { client } = scriptedClient([new TypeError('fetch failed')], { retries: 0 });
    const own = { ...event(1), idempotency_key: 'mine' };
    const outcomes = await outcomesOf(client, [event(0), own]);
    expect(outcomes.map(({ error }) => error)).toEqual([expect.any(ConnectionError), expect.any(ConnectionError)]);
    expect(outcomes.map((outcome) => outcome.event.idempotency_key)).toEqual([expect.any(String), 'mine']);
  });

  test('the caller’s abort ends it', async () => {
    const { client } = scriptedClient(['silence']);
    const reason = new Error('enough');
    const events = client.events.postAll([event(0)], { signal: AbortSignal.abort(reason) });
    await expect(events.next()).rejects.toBe(reason);
  });
});

describe('a batcher', () => {
  test('sends what was posted in the meantime together, and gives each its own result', async () => {
    const { client, bodies } = batchService((one) => (one.data.n === 1 ? refuse(422, 'invalid-request') : accept(one)));
    const batcher = client.events.batcher({ maxWait: 5 });
    const [first, second] = await Promise.allSettled([batcher.post(event(0)), batcher.post(event(1))]);
    expect(first).toMatchObject({ value: { id: 'evt_0' } });
    expect(second).toMatchObject({ reason: { code: 'invalid-request' } });
    expect(bodies).toHaveLength(1);
  });

  test('sends a full batch at once, and the rest when it is flushed', async () => {
    const { client, bodies } = batchService(accept);
    const batcher = client.events.batcher({ maxWait: 1_000_000 });
    const posts = Array.from({ length: 100 }, (_, n) => batcher.post(event(n)));
    expect(await posts[0]).toMatchObject({ id: 'evt_0' });
    expect(bodies.map((body) => eventsOf(body).length)).toEqual([100]);
    posts.push(...Array.from({ length: 20 }, (_, n) => batcher.post(event(100 + n))));
    await batcher.flush();
    expect(await posts[119]).toMatchObject({ id: 'evt_119' });
    expect(bodies.map((body) => eventsOf(body).length)).toEqual([100, 20]);
    await batcher.flush();
    expect(bodies).toHaveLength(2);
  });

  test('fails each event of a call that was ended', async () => {
    const { client } = scriptedClient(['silence']);
    const reason = new Error('enough');
    const batcher = client.events.batcher({ maxWait: 1, signal: AbortSignal.abort(reason) });
    const posts = await Promise.allSettled([batcher.post(event(0)), batcher.post(event(1))]);
    expect(posts).toMatchObject([{ reason }, { reason }]);
  });
});

describe('the types of events', () => {
  interface Events {
    'task.completed': { id: string };
    'task.deleted': { id: string; by: string };
  }

  test('decide what the data of an event is', () => {
    const { client } = scriptedClient([{ body: {} }]);
    const typed = client as unknown as Postrider<Events>;
    expectTypeOf(typed.events.post).parameter(0).toHaveProperty('data');
    void typed.events.post({ type: 'task.deleted', data: { id: 'a', by: 'b' }, external_id: 'x' });
    // @ts-expect-error no event of this type
    void typed.events.post({ type: 'task.created', data: { id: 'a' } });
    // @ts-expect-error the data of another type
    void typed.events.post({ type: 'task.deleted', data: { id: 'a' } });
    // @ts-expect-error one in a batch, too
    void typed.events.postAll([{ type: 'task.completed', data: { id: 1 } }]);
    expect(typed).toBeDefined();
  });
});
