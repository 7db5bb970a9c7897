import { describe, expect, it } from 'vitest';

import { closed, startCustomer, startRawCustomer } from '../support/customer-server.ts';
import { bodyOf, openSender, requestTo } from './http-sender.contract.ts';
import type { MakeSender } from './http-sender.contract.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What every HTTP sender promises of connections that serve more than once, and of those who wait for one. */
export function describeHttpReuse(name: string, make: MakeSender): void {
  describe(`${name}: connections that serve again`, () => reuse(make));
}

function reuse(make: MakeSender): void {
  it('one after the other, requests to one host use one connection', async () => {
    const customer = await startCustomer((_request, response) => response.end('ok'));
    const sender = openSender(make);
    for (let n = 0; n < 5; n++) await sender.send(requestTo(customer.url));
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
  });

  it('a connection serves again after a body somewhat over the cap', async () => {
    const customer = await startCustomer((_request, response) => response.end('x'.repeat(20_000)));
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    await expect
      .poll(async () => {
        await sender.send(requestTo(customer.url));
        return customer.requests.length - customer.sockets.length;
      })
      .toBeGreaterThan(0);
  });

  it('a request that finds its idle connection closed goes out once more, on a new one', async () => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection === 1 && request === 2) socket.resetAndDestroy();
      else socket.write(OK);
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    const result = await sender.send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    expect(customer.requests[2]?.body).toContain('{"type":"task.completed"}');
  });

  it('once more and not again: a new connection that is reset too is a failure', async () => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection === 1 && request === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    expect(await sender.send(requestTo(customer.url))).toMatchObject({ kind: 'error', error: 'reset' });
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('once more on a new connection also when it has to wait for one', async () => {
    const customer = await startRawCustomer((socket, _connection, request) => {
      if (request === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const sender = openSender(make, { maxSockets: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => sender.send(requestTo(customer.url))));
    expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'answer'));
  });

  it('all idle connections may be dead at once, as after a freeze', async () => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection <= 3 && request === 2) socket.destroy();
      else setTimeout(() => socket.write(OK), 50);
    });
    const sender = openSender(make);
    const round = () => Promise.all([1, 2, 3].map(() => sender.send(requestTo(customer.url))));
    await round();
    expect(customer.sockets).toHaveLength(3);
    expect(await sender.send(requestTo(customer.url))).toMatchObject({ kind: 'answer', statusCode: 200 });
    expect(customer.requests.map(({ connection }) => connection).slice(4)).toEqual([4]);
    expect((await round()).map((result) => result.kind)).toEqual(['answer', 'answer', 'answer']);
  });

  it('an idle connection that breaks after the first byte of an answer is a failure', async () => {
    const customer = await startRawCustomer((socket, _connection, request) => {
      if (request === 1) socket.write(OK);
      else socket.write('HTTP/1.1 20', () => socket.destroy());
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    expect(await sender.send(requestTo(customer.url))).toMatchObject({ kind: 'error' });
    expect(customer.requests).toHaveLength(2);
  });

  it('the second time, too, ends at the deadline of the first', async () => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection === 1 && request === 1) socket.write(OK);
      else if (connection === 1) setTimeout(() => socket.resetAndDestroy(), 150);
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    const result = await sender.send(requestTo(customer.url, { timeoutMs: 400 }));
    expect(result).toMatchObject({ kind: 'error', error: 'timeout' });
    expect(result.durationMs).toBeLessThan(540);
    await closed(customer.sockets[1]);
  });

  it.each([
    ['HTTP/1.1 says that it closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', 2],
    [
      'HTTP/1.1 says so among other things',
      'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok',
      2,
    ],
    ['HTTP/1.0 says nothing', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 2],
    ['HTTP/1.0 keeps it', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok', 1],
    ['more comes than the response', `${OK}HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n`, 2],
    ['it may be idle for no time', `HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok`, 2],
    ['it may be idle for some seconds', `HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok`, 1],
  ])('whether a connection serves again is the server’s choice: %s', async (_what, answer, connections) => {
    const customer = await startRawCustomer((socket) => socket.write(answer));
    const sender = openSender(make);
    expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('ok');
    expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('ok');
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, connections]);
  });

  it('an idle connection is closed before the server says that it would do so', async () => {
    const customer = await startRawCustomer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n'),
    );
    await openSender(make).send(requestTo(customer.url));
    await closed(customer.sockets[0]);
  });

  it('a connection that has served and then says nothing is a timeout, and nothing is sent again', async () => {
    const customer = await startRawCustomer((socket, _connection, request) => {
      if (request === 1) socket.write(OK);
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    expect(await sender.send(requestTo(customer.url, { timeoutMs: 200 }))).toMatchObject({ error: 'timeout' });
    await closed(customer.sockets[0]);
    expect(customer.sockets).toHaveLength(1);
  });

  it('the time for the rest of a long body is that of its own response', async () => {
    const long = ['HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n', ...Array(4).fill('x'.repeat(1000))];
    const customer = await startRawCustomer((socket, _connection, request) => {
      const writeIn = (ms: number, text: string) => setTimeout(() => socket.write(text), ms);
      if (request === 1) for (const [n, piece] of long.entries()) writeIn(50 * n, piece);
      else if (request === 2) writeIn(700, OK);
      else socket.write(`${long[0]}${'x'.repeat(2000)}`);
    });
    const sender = openSender(make, { maxSockets: 1 });
    const send = () => sender.send(requestTo(customer.url));
    // The second waits until the rest has come.
    expect((await Promise.all([send(), send()])).map(({ kind }) => kind)).toEqual(['answer', 'answer']);
    expect(await send()).toMatchObject({ kind: 'answer' });
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    await closed(customer.sockets[0]);
  });

  it('a process that was frozen for longer does not use a connection that was idle then', async () => {
    const customer = await startRawCustomer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n'),
    );
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
    await sender.send(requestTo(customer.url));
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('what an idle connection says unasked is nobody’s answer', async () => {
    const customer = await startRawCustomer((socket, connection) => {
      socket.write(OK);
      if (connection === 1) setTimeout(() => socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'), 20);
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    // Long before the connection would have been idle for too long.
    await expect.poll(() => customer.sockets[0]?.destroyed, { timeout: 2000 }).toBe(true);
    expect(await sender.send(requestTo(customer.url))).toMatchObject({ statusCode: 200 });
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('a connection on which a body is announced that must not be there serves no more', async () => {
    const customer = await startRawCustomer((socket, connection) =>
      socket.write(connection === 1 ? 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n' : OK),
    );
    const sender = openSender(make);
    expect(await sender.send(requestTo(customer.url))).toMatchObject({ statusCode: 204 });
    expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('ok');
  });

  it('a connection on which more came than was asked for serves no more', async () => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection === 1 && request === 1) socket.write(`${OK}HTTP/1.1 500 Oo`);
      else if (connection === 1) socket.write('ps\r\nContent-Length: 0\r\n\r\n');
      else socket.write(OK);
    });
    const sender = openSender(make);
    for (let n = 0; n < 2; n++) expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('ok');
    expect(customer.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('an answer that comes before the request was taken counts, and its connection serves no more', async () => {
    const customer = await startRawCustomer((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
    });
    const body = new Uint8Array(32 * 1024 * 1024);
    const result = await openSender(make).send(requestTo(customer.url, { body }));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 413 });
    await closed(customer.sockets[0]);
  });

  it('a server that answers and is gone before it has the request breaks nothing else', async () => {
    const customer = await startRawCustomer((socket) => {
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
      socket.destroySoon();
    });
    const result = await openSender(make).send(requestTo(customer.url, { body: new Uint8Array(8 * 1024 * 1024) }));
    expect(result).toMatchObject({ kind: 'answer', statusCode: 413 });
    await closed(customer.sockets[0]);
    // An error of the connection that nobody listens to would end the process.
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  it('requests beyond the connections to one host wait in their order, and all are answered', async () => {
    const customer = await startCustomer((_request, response) => response.end('ok'));
    const sender = openSender(make, { maxSockets: 2 });
    const paths = Array.from({ length: 20 }, (_, n) => `/hook/${n}`);
    const answers = paths.map((path) => sender.send(requestTo(new URL(path, customer.url).href)));
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(paths.map(() => 'answer'));
    expect(customer.requests.slice(2).map(({ path }) => path)).toEqual(paths.slice(2));
    expect(customer.sockets).toHaveLength(2);
  });

  it('a request whose time ends while it waits is given no connection: the next one gets it', async () => {
    const customer = await startCustomer((_request, response) => setTimeout(() => response.end('ok'), 300));
    const sender = openSender(make, { maxSockets: 1 });
    const first = sender.send(requestTo(customer.url));
    expect(await sender.send(requestTo(customer.url, { timeoutMs: 50 }))).toMatchObject({ error: 'timeout' });
    expect(bodyOf(await first)).toBe('ok');
    expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('ok');
    expect(customer.sockets).toHaveLength(1);
  });

  it('a request that waits gets a new connection when one breaks', async () => {
    const customer = await startRawCustomer((socket, connection) => {
      if (connection === 1) socket.resetAndDestroy();
      else socket.write(OK);
    });
    const sender = openSender(make, { maxSockets: 1 });
    const [first, second] = await Promise.all([1, 2].map(() => sender.send(requestTo(customer.url))));
    expect(first).toMatchObject({ kind: 'error', error: 'reset' });
    expect(second).toMatchObject({ kind: 'answer' });
  });

  it('closing does not keep a connection on which the rest of an answer is still to come', async () => {
    const customer = await startRawCustomer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(1500)}`);
      setTimeout(() => socket.write('x'.repeat(500)), 100);
    });
    const sender = openSender(make);
    await sender.send(requestTo(customer.url));
    await sender.close();
    await expect.poll(() => customer.sockets[0]?.destroyed, { timeout: 2000 }).toBe(true);
  });

  it('closing waits for what is under way, closes the connections, and refuses what comes later', async () => {
    const customer = await startCustomer((_request, response) => setTimeout(() => response.end('late'), 100));
    const sender = openSender(make);
    const sending = sender.send(requestTo(customer.url));
    await sender.close();
    expect(bodyOf(await sending)).toBe('late');
    // Long before the connection would have been idle for too long.
    await expect.poll(() => customer.sockets[0]?.destroyed, { timeout: 2000 }).toBe(true);
    await expect(sender.send(requestTo(customer.url))).rejects.toThrow('closed');
  });
}
