import { describe, expect, it } from 'vitest';

import type { SendResult } from '../../lib/domain/outcome.ts';
import type { SendRequest } from '../../lib/ports/http-sender.ts';
import { startCustomer, startRawCustomer, unusedPort } from '../support/customer-server.ts';
import { bodyOf, openSender, requestTo } from './http-sender.contract.ts';
import type { MakeSender } from './http-sender.contract.ts';

/** What every HTTP sender promises of its connections: which addresses they go to, how they break. */
export function describeHttpConnections(name: string, make: MakeSender): void {
  describe(`${name}: addresses`, () => addresses(make));
  describe(`${name}: a broken answer`, () => brokenAnswers(make));
}

const LOOPBACK = { address: '127.0.0.1', family: 4 } as const;
const PRIVATE = { address: '10.0.0.1', family: 4 } as const;

function addresses(make: MakeSender): void {
  const silentCustomer = () => startCustomer((_request, response) => response.end());
  const BLOCKED = { kind: 'error', error: 'blocked_address' };
  const NOT_FOUND = { kind: 'error', error: 'dns', message: 'host not found, or not public' };

  it.each([['127.0.0.1'], ['2130706433'], ['0x7f.1'], ['[::ffff:127.0.0.1]']])(
    'an address in the URL is checked before anything connects: %s',
    async (host) => {
      const customer = await silentCustomer();
      const sender = openSender(make, { allowLoopback: false });
      expect(await sender.send(requestTo(`http://${host}:${customer.port}/`))).toMatchObject(BLOCKED);
      expect(customer.sockets).toHaveLength(0);
    },
  );

  it('the address that was refused is told to the operator, and not in the message', async () => {
    const sender = openSender(make);
    const result = await sender.send(requestTo('https://169.254.169.254/latest/meta-data'));
    expect(result).toMatchObject({ ...BLOCKED, refusedAddress: '169.254.169.254' });
    expect(JSON.stringify({ ...result, refusedAddress: undefined })).not.toContain('169.254');
  });

  it('a name is refused when one of its addresses is not allowed, wherever that stands', async () => {
    const customer = await silentCustomer();
    for (const found of [
      [LOOPBACK, PRIVATE],
      [PRIVATE, LOOPBACK],
    ]) {
      const sender = openSender(make, { lookup: async () => found });
      const result = await sender.send(requestTo(`http://hooks.example:${customer.port}/`));
      expect(result).toMatchObject({ ...NOT_FOUND, refusedAddress: '10.0.0.1' });
    }
    expect(customer.sockets).toHaveLength(0);
  });

  it('a name of this machine is refused outside local mode', async () => {
    const customer = await silentCustomer();
    const sender = openSender(make, { allowLoopback: false, lookup: async () => [LOOPBACK] });
    const result = await sender.send(requestTo(`http://hooks.example:${customer.port}/`));
    expect(result).toMatchObject({ ...NOT_FOUND, refusedAddress: '127.0.0.1' });
    expect(customer.sockets).toHaveLength(0);
  });

  it('a name is resolved once a connection, and checked each time: rebinding it does not help', async () => {
    const customer = await startCustomer((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const turns = [[LOOPBACK], [PRIVATE], [LOOPBACK]];
    let lookups = 0;
    const sender = openSender(make, { lookup: async () => turns[lookups++] ?? [] });
    const request = requestTo(`http://hooks.example:${customer.port}/`);
    expect(await sender.send(request)).toMatchObject({ kind: 'answer' });
    expect(lookups).toBe(1);
    expect(await sender.send(request)).toMatchObject(NOT_FOUND);
    expect(await sender.send(request)).toMatchObject({ kind: 'answer' });
    expect(lookups).toBe(3);
    expect(customer.sockets).toHaveLength(2);
  });

  it('when one allowed address does not answer, the next is tried', async () => {
    const customer = await silentCustomer();
    const sender = openSender(make, { lookup: async () => [{ address: '::1', family: 6 }, LOOPBACK] });
    const result = await sender.send(requestTo(`http://hooks.example:${customer.port}/`));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(customer.requests[0]?.headers.host).toBe(`hooks.example:${customer.port}`);
  });

  it('IPv6 loopback is reached in local mode only', async ({ skip }) => {
    const customer = await startRawCustomer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    }, '::1').catch(() => skip('no IPv6 on this machine'));
    const request = requestTo(`http://[::1]:${customer.port}/`);
    expect(await openSender(make, { allowLoopback: false }).send(request)).toMatchObject(BLOCKED);
    expect(customer.sockets).toHaveLength(0);
    expect(bodyOf(await openSender(make).send(request))).toBe('ok');
  });

  it('localhost is found without asking a name server', async () => {
    const customer = await silentCustomer();
    const result = await openSender(make).send(requestTo(`http://localhost:${customer.port}/`));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
  });

  it('a URL that is not allowed goes nowhere', async () => {
    const customer = await silentCustomer();
    const sender = openSender(make, { allowHttp: false });
    const result = await sender.send(requestTo(customer.url));
    expect(result).toMatchObject({ ...BLOCKED, message: 'Use a URL that starts with https://.' });
    expect(customer.sockets).toHaveLength(0);
  });

  it.each([
    ['ENOTFOUND', NOT_FOUND.message],
    ['ENODATA', NOT_FOUND.message],
    ['ETIMEOUT', 'the name server of the host did not answer'],
    ['ECONNREFUSED', 'the name server of the host did not answer'],
  ])('a lookup that fails with %s is a failure of the name', async (code, message) => {
    const lookup = () => Promise.reject(Object.assign(new Error('query'), { code }));
    const result = await openSender(make, { lookup }).send(requestTo('https://hooks.example/'));
    expect(result).toMatchObject({ kind: 'error', error: 'dns', message });
  });

  it('a name without addresses is not found', async () => {
    const result = await openSender(make, { lookup: async () => [] }).send(requestTo('https://hooks.example/'));
    expect(result).toMatchObject(NOT_FOUND);
  });

  it('a tenant cannot tell a name that leads inside from one that does not exist, by the failure or by its time', async () => {
    const never = () => Promise.reject(Object.assign(new Error('query'), { code: 'ENOTFOUND' }));
    const told = [];
    for (const lookup of [never, async () => [], async () => [PRIVATE], async () => [LOOPBACK, PRIVATE]]) {
      const result = await openSender(make, { lookup }).send(requestTo('https://hooks.example/'));
      const { refusedAddress: _, durationMs, ...shown } = result as Extract<SendResult, { kind: 'error' }>;
      expect(durationMs).toBeGreaterThanOrEqual(195);
      told.push(shown);
    }
    expect(told).toEqual([NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND]);
  });

  it('the deadline counts from before the lookup', async () => {
    const sender = openSender(make, { lookup: () => new Promise(() => {}) });
    const result = await sender.send(requestTo('https://hooks.example/', { timeoutMs: 200 }));
    expect(result).toMatchObject({ kind: 'error', error: 'timeout', message: 'no response within 0.2 s' });
  });
}

function brokenAnswers(make: MakeSender): void {
  const answerWith = async (answer: string | undefined, more: Partial<SendRequest> = {}) => {
    const customer = await startRawCustomer((socket) => {
      if (answer === undefined) socket.resetAndDestroy();
      else socket.write(answer, () => socket.end());
    });
    const result = await openSender(make).send(requestTo(customer.url, more));
    expect(customer.requests).toHaveLength(1);
    return result;
  };

  it('a refused connection is told as such', async () => {
    const result = await openSender(make).send(requestTo(`http://127.0.0.1:${await unusedPort()}/`));
    expect(result).toMatchObject({ kind: 'error', error: 'refused', message: 'connection refused' });
  });

  it('a reset before the answer is a failure, and is not sent again', async () => {
    expect(await answerWith(undefined)).toMatchObject({ kind: 'error', error: 'reset' });
  });

  it('a connection that closes without an answer is a reset', async () => {
    expect(await answerWith('')).toMatchObject({ kind: 'error', error: 'reset' });
  });

  it('an answer that ends early, below the cap, is a reset', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort';
    expect(await answerWith(answer)).toMatchObject({ kind: 'error', error: 'reset' });
  });

  it('an answer that ends early, past the cap, is complete enough', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort';
    const result = await answerWith(answer, { maxResponseBytes: 3 });
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(bodyOf(result)).toBe('sho');
  });

  it('a body that ends with its connection is whole', async () => {
    expect(bodyOf(await answerWith('HTTP/1.0 200 OK\r\n\r\nold school'))).toBe('old school');
  });

  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a malformed status line', 'HTTP/1.1 abc\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!'],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s is an invalid response', async (_what, answer) => {
    expect(await answerWith(answer)).toMatchObject({
      kind: 'error',
      error: 'invalid_response',
      message: 'the response is not valid HTTP',
    });
  });

  it('too many headers are an invalid response', async () => {
    const answer = `HTTP/1.1 200 OK\r\n${`X-Filler: ${'y'.repeat(100)}\r\n`.repeat(300)}\r\n`;
    expect(await answerWith(answer)).toMatchObject({
      error: 'invalid_response',
      message: 'the response headers are too large',
    });
  });

  it('an answer that switches protocols is an invalid response', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    expect(await answerWith(answer)).toMatchObject({
      error: 'invalid_response',
      message: 'the response switches protocols',
    });
  });
}
