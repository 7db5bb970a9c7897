import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { GoodHosts } from '../../../lib/local/service/plain-answers.ts';
import { ACME_KEY, ApiFixture } from '../../api/fixture.ts';
import { RawConnection } from '../../support/http.ts';

let fixture: ApiFixture;
let gateway: Listener;

beforeEach(async () => {
  fixture = await ApiFixture.open();
  gateway = await startGateway({ api: fixture.api, host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await gateway.close();
  fixture.close();
});

const KEY = `Authorization: Bearer ${ACME_KEY}\r\n`;
const JSON_TYPE = 'Content-Type: application/json\r\n';
const request = (line: string, headers: string, body = '', host = 'localhost') =>
  `${line} HTTP/1.1\r\nHost: ${host}\r\nX-Request-Id: req-1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const post = (headers: string, body: string) => request('POST /v1/events', headers, body);
const EVENT = '{"type":"a.b","data":{"n":1}}';

/** All that a connection gets for a request, in lines whose order does not count; with what differs each time left out. */
async function answerTo(text: string, complete: RegExp): Promise<string[]> {
  const connection = new RawConnection(gateway.port);
  connection.write(text);
  const received = await connection.received(complete);
  connection.destroy();
  return received
    .replaceAll(/evt_\w{26}/g, 'evt')
    .split('\r\n')
    .map((line) => line.replace(/^content-length/i, 'content-length').replace(/^Date: .*/, 'Date'))
    .toSorted();
}

test.each<[string, string]>([
  ['an event', post(KEY + JSON_TYPE, EVENT)],
  ['an event on a connection that ends with it', post(`${KEY}${JSON_TYPE}Connection: close\r\n`, EVENT)],
  ['no JSON', post(KEY + JSON_TYPE, '{')],
  ['an event without a key', post(JSON_TYPE, EVENT)],
  ['a list', request('GET /v1/endpoints', KEY)],
  ['a list without a key, whose refusal is not all ASCII', request('GET /v1/endpoints', '')],
  ['a call that needs no key', request('GET /v1/health', '')],
  ['a list, in its head alone', request('HEAD /v1/endpoints', KEY)],
  ['a method that the path has not', request('PUT /v1/events', KEY)],
  ['a query that the path has not', request('GET /v1/health?a=1', '')],
])('%s gets the same answer from a service that knows the Host already', async (_, text) => {
  const complete = text.startsWith('HEAD') ? /\r\n\r\n$/ : /\}$/;
  const first = await answerTo(text, complete);
  await answerTo(request('GET /v1/health', ''), /\}$/);
  expect(await answerTo(text, complete)).toEqual(first);
  expect(first).toContain('x-request-id: req-1');
});

test('what came before makes no other Host a good one', async () => {
  await answerTo(request('GET /v1/health', ''), /\}$/);
  for (const [host, code] of [
    ['me@localhost', 'malformed-request'],
    ['example.com', 'wrong-host'],
    ['', 'malformed-request'],
  ] as const) {
    const answer = await answerTo(request('GET /v1/health', '', '', host), /\}$/);
    expect(answer.join('\n'), host).toContain(`/problems/${code}`);
  }
});

test('a call of an absolute URL, whose Host nobody reads, makes none a good one', async () => {
  for (const host of ['me@localhost', 'a b', 'localhost:99999', '']) {
    await answerTo(request('GET http://localhost/v1/health', '', '', host), /\}$/);
    const answer = await answerTo(request('GET /v1/health', '', '', host), /\}$/);
    expect(answer.join('\n'), host).toContain('/problems/malformed-request');
  }
});

test('a body that nobody reads closes its connection also where the Host is known', async () => {
  await answerTo(request('GET /v1/health', ''), /\}$/);
  const connection = new RawConnection(gateway.port);
  connection.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
  expect(await connection.received(/\}$/)).toMatch(/^HTTP\/1\.1 401 /);
  await connection.closed();
});

test('a body that comes after its refusal leaves the connection to the next request', async () => {
  await answerTo(request('GET /v1/health', ''), /\}$/);
  const connection = new RawConnection(gateway.port);
  connection.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n');
  await connection.received(/401[^]*\}$/);
  connection.write('{}');
  connection.write(post(KEY + JSON_TYPE, EVENT));
  expect(await connection.received(/evt_/)).toContain('HTTP/1.1 202');
  connection.destroy();
});

test('more Hosts than are remembered are all answered', async () => {
  for (let port = 0; port < 40; port += 1) {
    const answer = await answerTo(request('GET /v1/health', '', '', `localhost:${port}`), /\}$/);
    expect(answer).toContain('HTTP/1.1 200 OK');
  }
});

test('however many Hosts come, no more than a few are remembered', () => {
  const hosts = new GoodHosts();
  const all = Array.from({ length: 1000 }, (_, n) => `localhost:${n}`);
  for (const host of all) {
    hosts.add({ url: '/', headers: { host } } as IncomingMessage);
    expect(hosts.has(host)).toBe(true);
  }
  expect(all.filter((host) => hosts.has(host)).length).toBeLessThanOrEqual(16);
});

test('an answer that can’t be written is a 500, and harms nobody else', async () => {
  await gateway.close();
  const handle = async () => ({ status: 200, headers: { 'x-a': 'a\nb' }, body: '{}' });
  gateway = await startGateway({ api: { ...fixture.api, handle }, host: '127.0.0.1', port: 0 });
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  for (let n = 0; n < 3; n += 1) {
    const answer = await answerTo(request('GET /v1/health', ''), /Error: /);
    expect(answer.some((line) => line.startsWith('HTTP/1.1 500 '))).toBe(true);
  }
  errors.mockRestore();
});

test('a call whose failure can’t be told is a 500, and harms nobody else', async () => {
  await gateway.close();
  const handle = async () => Promise.reject(new Error('broken'));
  const refuse = () => {
    throw new Error('broken too');
  };
  let api = fixture.api;
  const calling: typeof api = {
    ...api,
    handle: (...call) => api.handle(...call),
    refuse: (...why) => api.refuse(...why),
  };
  gateway = await startGateway({ api: calling, host: '127.0.0.1', port: 0 });
  await answerTo(request('GET /v1/health', ''), /\}$/);
  api = { ...api, handle, refuse };
  for (const call of [request('GET /v1/health', ''), post(KEY + JSON_TYPE, EVENT)])
    expect(await answerTo(call, /\r\n\r\n/)).toContain('HTTP/1.1 500 Internal Server Error');
  api = fixture.api;
  expect(await answerTo(request('GET /v1/health', ''), /\}$/)).toContain('HTTP/1.1 200 OK');
});
