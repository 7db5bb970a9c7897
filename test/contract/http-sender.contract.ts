import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { ClosableHttpSender, HttpSenderOptions } from '../../lib/adapters/http/http-sender.ts';
import type { SendResult } from '../../lib/domain/outcome.ts';
import type { SendRequest } from '../../lib/ports/http-sender.ts';
import { closed, startCustomer, startRawCustomer } from '../support/customer-server.ts';

export type MakeSender = (options: HttpSenderOptions) => ClosableHttpSender;

/** Generous for a machine that is busy, and far below forever. */
const SOON_MS = 5000;
const SHORT_MS = 300;

export function requestTo(url: string, more: Partial<SendRequest> = {}): SendRequest {
  const body = new TextEncoder().encode('{"type":"task.completed"}');
  return { url, method: 'POST', headers: {}, body, timeoutMs: SOON_MS, maxResponseBytes: 1024, ...more };
}

/** A sender that may reach this machine, closed when the test ends. */
export function openSender(make: MakeSender, more: Partial<HttpSenderOptions> = {}): ClosableHttpSender {
  const sender = make({ allowLoopback: true, allowHttp: true, ...more });
  onTestFinished(() => sender.close());
  return sender;
}

export function bodyOf(result: SendResult): string | undefined {
  return result.kind === 'answer' ? new TextDecoder().decode(result.body) : undefined;
}

/** What every HTTP sender promises of one exchange. */
export function describeHttpSender(name: string, make: MakeSender): void {
  describe(`${name}: the answer`, () => answers(make));
  describe(`${name}: the request`, () => requests(make));
  describe(`${name}: the deadline`, () => deadlines(make));
}

function answers(make: MakeSender): void {
  it.each([[200], [202], [400], [410], [500], [503]])('%i comes back with its body', async (status) => {
    const customer = await startCustomer((_request, response) => response.writeHead(status).end('said so'));
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: status });
    expect(bodyOf(result)).toBe('said so');
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('204 has an empty body', async () => {
    const customer = await startCustomer((_request, response) => response.writeHead(204).end());
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 204 });
    expect(bodyOf(result)).toBe('');
  });

  it('Retry-After comes back as received', async () => {
    const customer = await startCustomer((_request, response) =>
      response.writeHead(429, { 'retry-after': '120' }).end(),
    );
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ statusCode: 429, retryAfter: '120' });
  });

  it('a redirect is an answer like any other: its target sees nothing', async () => {
    const target = await startCustomer((_request, response) => response.end());
    const customer = await startCustomer((_request, response) =>
      response.writeHead(307, { location: target.url }).end(),
    );
    expect(await openSender(make).send(requestTo(customer.url))).toMatchObject({ kind: 'answer', statusCode: 307 });
    expect(customer.requests).toHaveLength(1);
    expect(target.sockets).toHaveLength(0);
  });

  it('interim answers are skipped', async () => {
    const customer = await startCustomer((_request, response) => {
      response.writeContinue();
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('final');
    });
    expect(bodyOf(await openSender(make).send(requestTo(customer.url)))).toBe('final');
  });

  it('an offer to upgrade, beside an ordinary answer, changes nothing', async () => {
    const customer = await startRawCustomer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok'),
    );
    expect(bodyOf(await openSender(make).send(requestTo(customer.url)))).toBe('ok');
  });

  it('a compressed body is not decompressed', async () => {
    const zipped = gzipSync('x'.repeat(5000));
    const customer = await startCustomer((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
    );
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result.kind === 'answer' && Buffer.from(result.body).equals(zipped)).toBe(true);
  });

  it.each([[0], [1], [16], [100_000]])('of a large body, the first %i bytes are kept', async (maxResponseBytes) => {
    const large = Buffer.alloc(300_000, 'abcdefghij');
    const customer = await startCustomer((_request, response) => response.writeHead(500).end(large));
    const result = await openSender(make).send(requestTo(customer.url, { maxResponseBytes }));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 500 });
    expect(bodyOf(result)).toBe(large.toString().slice(0, maxResponseBytes));
  });

  it('a body that stalls at the cap is a success: nothing more of it is kept', async () => {
    const customer = await startCustomer((_request, response) => response.write('x'.repeat(1024)));
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(bodyOf(result)).toHaveLength(1024);
  });

  it('an endless body of a 200 is a success, and its connection is closed', async () => {
    const customer = await startCustomer((_request, response) => {
      const pump = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(pump));
    });
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(bodyOf(result)).toHaveLength(1024);
    await closed(customer.sockets[0]);
  });

  it('a body that stalls past the cap is a success, and its connection is closed', async () => {
    const customer = await startCustomer((_request, response) => response.write('x'.repeat(2000)));
    const result = await openSender(make).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    await closed(customer.sockets[0]);
  });
}

function requests(make: MakeSender): void {
  it('carries method, path, query, headers and the exact bytes', async () => {
    const customer = await startCustomer((_request, response) => response.end());
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1', 'X-Mixed': 'a  b' };
    const body = new TextEncoder().encode('{"name":"Jürgen  "}');
    await openSender(make).send(requestTo(`${customer.url}/a%20b?c=d&e`, { headers, body }));
    expect(customer.requests).toMatchObject([
      { method: 'POST', path: '/hook/a%20b?c=d&e', body: '{"name":"Jürgen  "}' },
    ]);
    expect(customer.requests[0]?.headers).toEqual({
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
      'x-mixed': 'a  b',
      'user-agent': 'Postrider/1.0 (+webhooks)',
      'content-length': '20',
      host: `127.0.0.1:${customer.port}`,
      connection: 'keep-alive',
    });
  });

  it('is on the wire as customers have seen it since the first version', async () => {
    const customer = await startRawCustomer((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const headers = { 'content-type': 'application/json', 'X-Latin': 'é' };
    await openSender(make).send(requestTo(`${customer.url}?a=b`, { headers }));
    expect(Buffer.from(customer.requests[0]?.body ?? '').toString()).toBe(
      [
        'POST /hook?a=b HTTP/1.1',
        `host: 127.0.0.1:${customer.port}`,
        'content-type: application/json',
        // One byte on the wire, which is not UTF-8.
        'X-Latin: \ufffd',
        'user-agent: Postrider/1.0 (+webhooks)',
        'content-length: 25',
        'Connection: keep-alive',
        '',
        '{"type":"task.completed"}',
      ].join('\r\n'),
    );
  });

  it('leaves out what only the connection may say, and takes another user agent', async () => {
    const customer = await startCustomer((_request, response) => response.end());
    const headers = {
      Host: 'other.example',
      'Content-Length': '3',
      'transfer-encoding': 'chunked',
      Connection: 'close',
      Expect: '100-continue',
      'Proxy-Authorization': 'x',
      'User-Agent': 'Acme/2',
    };
    const result = await openSender(make).send(requestTo(customer.url, { headers }));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(customer.requests[0]?.headers).toEqual({
      'user-agent': 'Acme/2',
      'content-length': '25',
      host: `127.0.0.1:${customer.port}`,
      connection: 'keep-alive',
    });
  });

  it('an empty body is sent as one', async () => {
    const customer = await startCustomer((_request, response) => response.end());
    await openSender(make).send(requestTo(customer.url, { body: new Uint8Array() }));
    expect(customer.requests[0]?.headers['content-length']).toBe('0');
  });

  it.each([
    ['its value', { 'x-a': 'b\r\nx-c: d' }],
    ['its name', { 'x-a: b\r\nx-c': 'd' }],
  ])('a header that cannot be written is a result, and nothing is sent: %s', async (_what, headers) => {
    const customer = await startCustomer((_request, response) => response.end());
    const result = await openSender(make).send(requestTo(customer.url, { headers }));
    expect(result).toMatchObject({ error: 'network', message: 'a header of the request cannot be sent' });
    expect(customer.sockets).toHaveLength(0);
  });
}

function deadlines(make: MakeSender): void {
  const expectTimeout = async (url: string, message: string) => {
    const result = await openSender(make).send(requestTo(url, { timeoutMs: SHORT_MS }));
    expect(result).toMatchObject({ kind: 'error', error: 'timeout', message });
    expect(result.durationMs).toBeGreaterThanOrEqual(SHORT_MS - 5);
    expect(result.durationMs).toBeLessThan(SOON_MS);
  };

  it('no headers in time is a timeout, and the connection is closed', async () => {
    const customer = await startCustomer(() => {});
    await expectTimeout(customer.url, 'no response within 0.3 s');
    await closed(customer.sockets[0]);
  });

  it('a response that came in time counts, when this process could not read it before the time was over', async () => {
    const customer = await startRawCustomer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * SHORT_MS);
    });
    const result = await openSender(make).send(requestTo(customer.url, { timeoutMs: SHORT_MS }));
    expect(bodyOf(result)).toBe('ok');
  });

  it('headers that dribble are a timeout: each byte does not start the time anew', async () => {
    const customer = await startRawCustomer((socket) => {
      const bytes = [...`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(500)}`];
      const drip = setInterval(() => socket.write(bytes.shift() ?? ''), 20);
      socket.on('close', () => clearInterval(drip));
    });
    await expectTimeout(customer.url, 'no response within 0.3 s');
    await closed(customer.sockets[0]);
  });

  it('interim answers that never end are a timeout', async () => {
    const customer = await startRawCustomer((socket) => {
      const drip = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 60);
      socket.on('close', () => clearInterval(drip));
    });
    await expectTimeout(customer.url, 'no response within 0.3 s');
  });

  it('a body that stalls below the cap is a timeout', async () => {
    const customer = await startCustomer((_request, response) => response.write('some'));
    await expectTimeout(customer.url, 'the response did not end within 0.3 s');
    await closed(customer.sockets[0]);
  });

  it('a body that dribbles below the cap is a timeout', async () => {
    const customer = await startCustomer((_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expectTimeout(customer.url, 'the response did not end within 0.3 s');
    await closed(customer.sockets[0]);
  });

  it('the time spent waiting for one of the connections counts', async () => {
    const customer = await startCustomer(() => {});
    const sender = openSender(make, { maxSockets: 1 });
    const first = sender.send(requestTo(customer.url, { timeoutMs: 2 * SHORT_MS }));
    const second = await sender.send(requestTo(customer.url, { timeoutMs: SHORT_MS }));
    expect(second).toMatchObject({ error: 'timeout', message: 'no response within 0.3 s' });
    expect(await first).toMatchObject({ error: 'timeout' });
    expect(customer.requests).toHaveLength(1);
  });
}
