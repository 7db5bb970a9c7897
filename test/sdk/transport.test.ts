import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { ApiError, ConnectionError, Postrider, TimeoutError, headersOf, isApiError } from '@postrider/sdk';
import { VERSION } from '../../sdk/src/transport.ts';
import { problemOf, scriptedClient } from './scripted-fetch.ts';

const EVENT = { type: 'task.completed', data: { id: 1 } };
const unavailable = problemOf(503, 'unavailable', { 'retry-after': '5' });
const accepted = { status: 202, body: { id: 'evt_1', deliveries: 1 } };
const endpoint = { body: { id: 'ep_1' } };

/** Waits are over at once; how long they would have been is kept. */
const waits: number[] = [];
beforeEach(() => {
  waits.length = 0;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    waits.push(ms);
    queueMicrotask(run);
    return 0;
  }) as never);
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => vi.restoreAllMocks());

const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );

describe('a call', () => {
  test('says who makes it, for whom and what', async () => {
    const { client, sent } = scriptedClient([accepted]);
    await client.tenant('müller & co 100%').events.post(EVENT, { idempotencyKey: 'k1', requestId: 'r9' });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', body: JSON.stringify(EVENT) });
    expect(sent[0]?.url.href).toBe('https://postrider.test/v1/events');
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      authorization: 'Bearer prk_test',
      'content-type': 'application/json',
      'idempotency-key': 'k1',
      'postrider-tenant': 'm%C3%BCller%20&%20co%20100%25',
      'user-agent': `postrider-sdk/${VERSION}`,
      'x-request-id': 'r9',
    });
  });

  test('keeps the path of the base URL, with or without what every path begins with', async () => {
    for (const baseUrl of ['http://a.test/hooks', 'http://a.test/hooks/', 'http://a.test/hooks/v1/']) {
      const { client, sent } = scriptedClient([endpoint], { baseUrl });
      await client.endpoints.get('ep_1', {});
      expect(sent[0]?.url.href).toBe('http://a.test/hooks/v1/endpoints/ep_1');
    }
  });

  test('with an id that would name something else is not made', async () => {
    const { client, sent } = scriptedClient([{ body: {} }]);
    for (const id of ['', '.', '..']) expect(() => client.tenants.get(id)).toThrow(TypeError);
    await client.tenants.get('a/b?c#d');
    expect(sent.map(({ url }) => url.pathname + url.search)).toEqual(['/v1/tenants/a%2Fb%3Fc%23d']);
  });

  test('leaves out of its query what is undefined', async () => {
    const { client, sent } = scriptedClient([{ body: { data: [], next_cursor: null } }]);
    await client.eventTypes.list({ limit: 5, platform: true }).page();
    await client.apiKeys.list().page();
    expect(sent.map(({ url }) => url.search)).toEqual(['?limit=5&platform=true', '']);
  });

  test('carries a second factor and a condition', async () => {
    const { client, sent } = scriptedClient([endpoint]);
    await client.endpoints.revoke('ep_1', { mfaCode: '492039', ifMatch: '"3"' });
    expect(sent[0]?.headers.get('postrider-mfa')).toBe('492039');
    expect(sent[0]?.headers.get('if-match')).toBe('"3"');
  });

  test('has an answer whose headers can be read', async () => {
    const { client } = scriptedClient([{ ...endpoint, headers: { etag: '"3"' } }]);
    const found = await client.endpoints.get('ep_1');
    expect(headersOf(found)?.get('etag')).toBe('"3"');
    expect(headersOf({})).toBeUndefined();
  });

  test('names the version of the package', () => {
    const { version } = JSON.parse(readFileSync('sdk/package.json', 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});

test.each([
  [{ apiKey: '', baseUrl: 'https://a.test' }, /apiKey/],
  [{ apiKey: 'prk_a\nb', baseUrl: 'https://a.test' }, /apiKey/],
  [{ apiKey: 'prk_a', baseUrl: 'a.test' }, /baseUrl/],
  [{ apiKey: 'prk_a' }, /baseUrl/],
])('a client that could never work is not made: %j', (options, message) => {
  expect(() => new Postrider(options as never)).toThrow(message);
});

describe('a failed call', () => {
  test('is an error with the code, the fields and the id of the request', async () => {
    const errors = [{ field: 'url', message: '`url`: Use https.' }];
    const refused = problemOf(422, 'invalid-request', { 'x-request-id': 'r2' });
    const { client } = scriptedClient([{ ...refused, body: { ...refused.body, errors } }]);
    const error = await failure(client.endpoints.create({ url: 'http://a', events: ['*'] }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'invalid-request', status: 422, fields: errors, requestId: 'r2' });
    expect((error as Error).message).toBe('422 invalid-request: Do this.');
    expect(isApiError(error, 'not-found', 'invalid-request')).toBe(true);
    expect(isApiError(error, 'not-found')).toBe(false);
    expect(isApiError(new Error('x'))).toBe(false);
  });

  test.each([
    ['<html>Bad gateway</html>', 502],
    ['{"message":"Forbidden"}', 403],
    ['', 301],
    ['<html>Welcome</html>', 200],
  ])('that the service did not answer is said to be so: %s', async (text, status) => {
    const answer = () => Promise.resolve(new Response(text, { status }));
    const client = new Postrider({ apiKey: 'prk_x', baseUrl: 'http://a.test', fetch: answer, retries: 0 });
    expect(await failure(client.endpoints.get('ep_1'))).toMatchObject({ code: 'unexplained', status });
  });

  test('without an answer is an error of the connection, with its cause', async () => {
    const cause = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
    const { client } = scriptedClient([cause], { retries: 0 });
    const error = await failure(client.endpoints.get('ep_1'));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ message: expect.stringMatching(/postrider\.test.*ECONNREFUSED/), cause });
  });

  test('that got no answer in time says so, and is not the caller’s abort', async () => {
    const { client } = scriptedClient(['silence'], { retries: 0, timeout: 5 });
    expect(await failure(client.endpoints.get('ep_1'))).toBeInstanceOf(TimeoutError);
  });

  test('that its caller ended fails with the caller’s reason, at once and while it waits', async () => {
    const reason = new Error('enough');
    const before = scriptedClient([endpoint]);
    expect(await failure(before.client.endpoints.get('ep_1', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(before.sent).toEqual([]);

    const silent = scriptedClient(['silence']);
    const during = new AbortController();
    const call = silent.client.endpoints.get('ep_1', { signal: during.signal });
    await Promise.resolve();
    during.abort(reason);
    expect(await failure(call)).toBe(reason);
    expect(silent.sent).toHaveLength(1);

    vi.mocked(setTimeout).mockImplementation((() => 0) as never);
    const waiting = scriptedClient([unavailable]);
    const between = new AbortController();
    const retried = failure(waiting.client.endpoints.get('ep_1', { signal: between.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    between.abort(reason);
    expect(await retried).toBe(reason);
    expect(waiting.sent).toHaveLength(1);
  });
});

describe('a call is made again', () => {
  test('under the same idempotency key, after growing waits', async () => {
    const { client, sent } = scriptedClient([new TypeError('fetch failed'), problemOf(500, 'internal'), accepted]);
    expect(await client.events.post(EVENT)).toEqual(accepted.body);
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(waits).toEqual([500, 1000]);
    await client.events.post(EVENT);
    expect(sent.at(-1)?.headers.get('idempotency-key')).not.toBe(keys[0]);
  });

  test('three times at most, unless told otherwise', async () => {
    for (const [retries, requests] of [
      [undefined, 4],
      [1, 2],
      [0, 1],
    ] as const) {
      const { client, sent } = scriptedClient([problemOf(502, 'x')]);
      await failure(client.endpoints.get('ep_1', { retries }));
      expect(sent).toHaveLength(requests);
    }
  });

  test('at least as late as Retry-After asks, in seconds or as a date', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1));
    const date = new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString();
    const busy = [problemOf(429, 'over-quota', { 'retry-after': '7' }), problemOf(503, 'x', { 'retry-after': date })];
    const { client } = scriptedClient([...busy, accepted]);
    await client.events.post(EVENT);
    expect(waits).toEqual([7000, 9000]);
  });

  test('not when Retry-After is longer than a minute: the error says how long', async () => {
    const { client, sent } = scriptedClient([problemOf(429, 'over-quota', { 'retry-after': '61' })]);
    expect(await failure(client.events.post(EVENT))).toMatchObject({ code: 'over-quota', retryAfterSeconds: 61 });
    expect(sent).toHaveLength(1);
  });

  test('not when it was refused for good', async () => {
    for (const status of [400, 401, 403, 404, 409, 422, 501]) {
      const { client, sent } = scriptedClient([problemOf(status, 'x')]);
      await failure(client.events.post(EVENT));
      expect(sent, String(status)).toHaveLength(1);
    }
  });

  test.each([
    ['a new secret', (client: Postrider) => client.endpoints.rotateSecret('ep_1')],
    ['a new API key', (client: Postrider) => client.apiKeys.create({ name: 'x', scopes: ['events:write'] })],
    ['an event without a key', (client: Postrider) => client.events.post(EVENT, { idempotencyKey: null })],
    ['a code that is good once', (client: Postrider) => client.endpoints.revoke('ep_1', { mfaCode: '123456' })],
    ['a change of one state', (client: Postrider) => client.endpoints.update('ep_1', {}, { ifMatch: '"3"' })],
  ])('only when nothing was done, where doing it twice is another thing: %s', async (_, call) => {
    const unclear = scriptedClient([new TypeError('fetch failed')]);
    expect(await failure(call(unclear.client))).toBeInstanceOf(ConnectionError);
    expect(unclear.sent).toHaveLength(1);
    expect(unclear.sent[0]?.headers.has('idempotency-key')).toBe(false);
    const refused = scriptedClient([problemOf(409, 'changed-meanwhile', { 'retry-after': '1' }), endpoint]);
    await call(refused.client);
    expect(refused.sent).toHaveLength(2);
  });

  test('and finds what an unclear first request deleted gone', async () => {
    const gone = problemOf(404, 'not-found');
    const { client } = scriptedClient([new TypeError('fetch failed'), gone]);
    await expect(client.endpoints.delete('ep_1')).resolves.toBeUndefined();
    expect(await failure(scriptedClient([gone]).client.endpoints.delete('ep_1'))).toMatchObject({ code: 'not-found' });
  });
});

describe('a list', () => {
  const pages = [
    { body: { data: [{ id: 'a' }, { id: 'b' }], next_cursor: 'c1' } },
    { body: { data: [], next_cursor: 'c2' } },
    { body: { data: [{ id: 'c' }], next_cursor: null } },
  ];

  test('goes through the rows of all pages, with its query on each', async () => {
    const { client, sent } = scriptedClient(pages);
    const ids = [];
    for await (const { id } of client.events.list({ type: 'task.*' })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(sent.map(({ url }) => url.search)).toEqual([
      '?type=task.*',
      '?type=task.*&cursor=c1',
      '?type=task.*&cursor=c2',
    ]);
  });

  test('reads no page that nobody asks for', async () => {
    const { client, sent } = scriptedClient(pages);
    const list = client.deliveries.list({ cursor: 'c0' });
    expect(sent).toEqual([]);
    expect((await list.take(2)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(sent.map(({ url }) => url.search)).toEqual(['?cursor=c0']);
    expect(await list.take(0)).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

describe('waiting for a job', () => {
  const running = { body: { id: 'job_1', status: 'running' } };

  test('ends with the job, after growing intervals', async () => {
    const { client } = scriptedClient([running, running, { body: { id: 'job_1', status: 'done' } }]);
    expect(await client.jobs.wait('job_1')).toMatchObject({ status: 'done' });
    expect(waits).toEqual([200, 300]);
  });

  test('ends in time, with an error', async () => {
    const { client, sent } = scriptedClient([running]);
    expect(await failure(client.jobs.wait('job_1', { within: 100 }))).toBeInstanceOf(TimeoutError);
    expect(sent).toHaveLength(1);
  });
});
