import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../../lib/api/http/request-response.ts';
import type { Route } from '../../../lib/api/route.ts';
import type { Api } from '../../../lib/api/serve-route.ts';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import { type Listener, PortInUseError } from '../../../lib/local/service/listener.ts';
import { ACME_KEY, ApiFixture } from '../../api/fixture.ts';
import { RawConnection } from '../../support/http.ts';

const OK: ApiResponse = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

let fixture: ApiFixture;
let gateway: Listener;
/** What reached the API; it answers with `handle`. */
let calls: { id: string; request: ApiRequest }[];
let handle: (route: Route, request: ApiRequest) => Promise<ApiResponse>;

beforeEach(async () => {
  fixture = await ApiFixture.open();
  calls = [];
  handle = async () => OK;
  const api: Api = {
    ...fixture.api,
    handle: async (route, request) => {
      const { readBody, ...head } = request;
      const read = { ...head, body: await readBody?.() };
      calls.push({ id: route.id, request: read });
      return handle(route, read);
    },
  };
  gateway = await startGateway({ api, host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await gateway.close();
  fixture.close();
});

/** A refusal is a problem that says what to do, and one log line. */
async function expectRefusal(response: Response, status: number, code: string, words: string): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as { type: string; detail: string };
  expect(problem.type).toBe(`/problems/${code}`);
  expect(problem.detail).toContain(words);
  expect(fixture.lines.map(({ level, event, fields }) => [level, event, fields?.code])).toEqual([
    ['info', 'api.refused', code],
  ]);
}

it('passes on parameters, query, headers and body bytes, and gives back the answer', async () => {
  const id = 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB';
  handle = async () => ({ status: 201, headers: { 'x-a': 'b' }, body: '{"é":1}' });
  const url = `${gateway.url}/v1/endpoints/${id}?a=%C3%A9%20b&limit=1&limit=2&%6Cimit=3`;
  const response = await fetch(url, { method: 'PATCH', body: '{"x":"é"}', headers: { 'X-Custom': 'c' } });
  expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, 'b', '{"é":1}']);
  expect(calls).toMatchObject([
    {
      id: 'endpoints.update',
      request: { params: { id }, query: { a: 'é b' }, repeated: ['limit'], headers: { 'x-custom': 'c' } },
    },
  ]);
  expect(Buffer.from(calls[0]?.request.body as Uint8Array).toString()).toBe('{"x":"é"}');
});

it('serves the real API from end to end', async () => {
  handle = fixture.api.handle;
  const headers = { authorization: `Bearer ${ACME_KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ type: 'task.completed', data: { n: 1 } });
  const posted = await fetch(`${gateway.url}/v1/events`, { method: 'POST', headers, body });
  expect(posted.status).toBe(202);
  const { id } = (await posted.json()) as { id: string };
  const got = await fetch(`${gateway.url}/v1/events/${id}`, { headers });
  expect(await got.json()).toMatchObject({ id, tenant_id: 'acme', data: { n: 1 } });
});

it('keeps idle connections longer than clients do, so that no post meets one that is being closed', async () => {
  const response = await fetch(`${gateway.url}/v1/health`);
  expect(response.headers.get('keep-alive')).toBe('timeout=75');
});

it('answers 204 without a body', async () => {
  handle = async () => ({ status: 204, headers: {}, body: undefined });
  const response = await fetch(`${gateway.url}/v1/endpoints/x`, { method: 'DELETE' });
  expect([response.status, await response.text()]).toEqual([204, '']);
});

it('answers HEAD like GET, without the body', async () => {
  const response = await fetch(`${gateway.url}/v1/health`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'application/json',
    '',
  ]);
  expect(calls.map(({ id }) => id)).toEqual(['account.health']);
});

it.each(['/', '/v1', '/v1/event', '/v1/health/', '/v1/endpoints/a/b', '/v1//health'])(
  'answers %s with 404',
  async (path) => {
    await expectRefusal(await fetch(gateway.url + path), 404, 'unknown-path', 'see GET /v1/openapi.json');
  },
);

it('answers a wrong method with 405 and the ones that are allowed', async () => {
  const response = await fetch(`${gateway.url}/v1/endpoints`, { method: 'PUT' });
  expect(response.headers.get('allow')).toBe('POST, GET, HEAD');
  await expectRefusal(response, 405, 'wrong-method', 'use POST, GET, HEAD');
});

it.each(['/v1/nothing', '/v1/events/batch'])('names a refused request to %s by its X-Request-Id', async (path) => {
  const headers = { 'X-Request-Id': 'req-1' };
  const response = await fetch(gateway.url + path, { method: 'PUT', headers });
  expect(response.headers.get('x-request-id')).toBe('req-1');
  expect(await response.json()).toMatchObject({ instance: '/requests/req-1' });
});

it('refuses a body over 256 KiB, and takes one of exactly that size', async () => {
  const post = (size: number) => fetch(`${gateway.url}/v1/events`, { method: 'POST', body: 'x'.repeat(size) });
  expect((await post(262_144)).status).toBe(200);
  await expectRefusal(await post(262_145), 413, 'too-large', 'send less');
  expect(calls).toHaveLength(1);
});

it('takes a batch of 1 MiB, and none that is larger', async () => {
  const post = (size: number) => fetch(`${gateway.url}/v1/events/batch`, { method: 'POST', body: 'x'.repeat(size) });
  expect((await post(1_048_576)).status).toBe(200);
  await expectRefusal(await post(1_048_577), 413, 'too-large', 'send less');
  expect(calls.map(({ id }) => id)).toEqual(['events.batch']);
});

it('refuses a body that says it is too large before it comes', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write(
    'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n',
  );
  const answer = await connection.received(/problems\/too-large/);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  connection.destroy();
});

it('lets a body come that asks first and fits', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
  await connection.received(/^HTTP\/1\.1 100 Continue/);
  connection.write('{}');
  expect(await connection.received(/"a":1/)).toContain('HTTP/1.1 200 OK');
  connection.destroy();
});

it('refuses a body of unknown length as soon as it is too large', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
  // 0x50000 bytes, and no end.
  connection.write(`50000\r\n${'x'.repeat(0x50000)}\r\n`);
  expect(await connection.received(/problems\/too-large/)).toMatch(/^HTTP\/1\.1 413 /);
  expect(calls).toEqual([]);
  connection.destroy();
});

it('gives up a request whose sender goes away in the middle', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
  await fetch(`${gateway.url}/v1/health`);
  connection.destroy();
  await expect.poll(() => fixture.lines.map(({ fields }) => fields?.code)).toEqual(['incomplete-body']);
  expect(calls.map(({ id }) => id)).toEqual(['account.health']);
});

it.each([
  ['/v1/deliveries/retry', 'POST'],
  ['/v1/events/batch', 'POST'],
])('answers another method of %s with 405 and its own', async (path, allow) => {
  handle = fixture.api.handle;
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    fixture.lines.length = 0;
    const response = await fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${ACME_KEY}` } });
    expect(response.headers.get('allow'), method).toBe(allow);
    await expectRefusal(response, 405, 'wrong-method', `use ${allow}`);
  }
  expect((await fetch(gateway.url + path, { method: 'HEAD' })).status).toBe(405);
});

it.each<[string, string, number, string, string]>([
  ['a request without a Host', 'GET /v1/health HTTP/1.1\r\n\r\n', 400, 'malformed-request', 'Missing host header'],
  [
    'an unknown method',
    'FOO /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n',
    400,
    'malformed-request',
    'unknown method',
  ],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'malformed-request', 'is for proxies'],
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed-request', 'correct it'],
  [
    'headers of 20 KB',
    `GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers-too-large',
    'send less',
  ],
])('answers %s with a problem', async (_, request, status, code, words) => {
  const connection = new RawConnection(gateway.port);
  connection.write(request);
  const answer = await connection.received(/\}$/);
  connection.destroy();
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [, type = ''] = /^content-type: (.*)$/im.exec(head) ?? [];
  await expectRefusal(
    new Response(body, { status: Number(head.slice(9, 12)), headers: { 'content-type': type } }),
    status,
    code,
    words,
  );
  expect(calls).toEqual([]);
});

it('takes a request that expects what it does not know', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write('GET /v1/health HTTP/1.1\r\nHost: localhost\r\nExpect: luck\r\n\r\n');
  expect(await connection.received(/"a":1/)).toMatch(/^HTTP\/1\.1 200 /);
  connection.destroy();
});

it('refuses what is no proper request', async () => {
  const connection = new RawConnection(gateway.port);
  connection.write('GET /v1/health HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
  expect(await connection.received(/malformed-request/)).toMatch(/^HTTP\/1\.1 400 /);
  connection.destroy();
});

it('says so when the port is in use', async () => {
  const failed = fixture.api;
  const second = startGateway({ api: failed, host: '127.0.0.1', port: gateway.port });
  await expect(second).rejects.toThrow(PortInUseError);
  await expect(second).rejects.toThrow(`Port ${gateway.port} of 127.0.0.1 is in use: stop what listens there`);
});

it('lets requests in flight end when it closes, accepts no more, and closes idle connections', async () => {
  const idle = new RawConnection(gateway.port);
  idle.write('GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await idle.received(/"a":1/);

  const pending = Promise.withResolvers<ApiResponse>();
  handle = () => pending.promise;
  const inFlight = fetch(`${gateway.url}/v1/health`);
  await expect.poll(() => calls.length).toBe(2);

  let closed = false;
  const closing = gateway.close().then(() => (closed = true));
  await idle.closed();
  await expect(fetch(`${gateway.url}/v1/health`)).rejects.toThrow();
  expect(closed).toBe(false);

  pending.resolve(OK);
  expect((await inFlight).status).toBe(200);
  await closing;
});
