import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Connection } from '../../../lib/adapters/http/connection.ts';
import { Connections } from '../../../lib/adapters/http/connections.ts';
import { Deadline } from '../../../lib/adapters/http/deadline.ts';
import { targetOf } from '../../../lib/adapters/http/target.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';

const TARGET = targetOf(new URL('http://hooks.example/'));
const REQUEST = [Buffer.from('POST / HTTP/1.1\r\n\r\n')];

/** A socket without a network: a test plays the server. */
class FakeSocket extends Duplex {
  readonly written: string[] = [];
  override _read(): void {}
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes.toString());
    done();
  }
  ref(): void {}
  unref(): void {}
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function open(maxPerHost = 10, maxIdle = 10) {
  const sockets: FakeSocket[] = [];
  /** What becomes of the next sockets, as they are opened. */
  const faults: Error[] = [];
  const openSocket = () => {
    const socket = new FakeSocket();
    sockets.push(socket);
    const fault = faults.shift();
    if (fault) socket.destroy(fault);
    else process.nextTick(() => socket.emit('connect'));
    return { socket: socket as unknown as Socket, opened: 'connect' as const };
  };
  return { connections: new Connections({ openSocket, maxPerHost, maxIdle }), sockets, faults };
}

type Opened = ReturnType<typeof open>;

function taken(connections: Connections, target = TARGET): Connection {
  return connections.take(target) ?? expect.fail('none is free');
}

/** Serves one request on each of so many connections at the same time, and leaves them idle in their order. */
async function serve({ connections, sockets }: Opened, count: number, headers = '', target = TARGET): Promise<void> {
  const before = sockets.length;
  const answers = Array.from({ length: count }, () => taken(connections, target).carry(REQUEST, 1024));
  await settle();
  for (const socket of sockets.slice(before)) {
    socket.push(`HTTP/1.1 200 OK\r\n${headers}Content-Length: 0\r\n\r\n`);
    await settle();
  }
  for (const answer of answers) expect(await answer).toMatchObject({ kind: 'answer' });
}

/** Events of sockets have been told. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function fault(code: string): Error {
  return Object.assign(new Error('fault'), { code });
}

it('the connection that was used last is used next, so that those too many grow old', async () => {
  const opened = open();
  await serve(opened, 2);
  void taken(opened.connections).carry(REQUEST, 1024);
  await settle();
  expect(opened.sockets.map(({ written }) => written.length)).toEqual([1, 2]);
});

it.each([
  ['after 4 s, when the server says nothing', '', 4000],
  ['after 4 s, when the server allows more', 'Keep-Alive: timeout=60\r\n', 4000],
  ['1 s before the server closes it', 'Keep-Alive: timeout=3\r\n', 2000],
])('an idle connection is closed %s', async (_when, headers, idleMs) => {
  const opened = open();
  await serve(opened, 1, headers);
  vi.advanceTimersByTime(idleMs - 1);
  expect(opened.sockets[0]?.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(opened.sockets[0]?.destroyed).toBe(true);
});

it('a connection that may be idle for no time is closed at once', async () => {
  const opened = open();
  await serve(opened, 1, 'Keep-Alive: timeout=1\r\n');
  expect(opened.sockets[0]?.destroyed).toBe(true);
});

it('a connection that was idle for too long is closed and not used, whether or not one has looked since', async () => {
  const opened = open();
  await serve(opened, 1);
  vi.advanceTimersByTime(500);
  void taken(opened.connections).carry(REQUEST, 1024);
  await settle();
  opened.sockets[0]?.push('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  await settle();
  // Between two looks at the idle ones, which are made each second from 0 on.
  vi.advanceTimersByTime(4100);
  expect(opened.sockets[0]?.destroyed).toBe(false);
  taken(opened.connections);
  expect(opened.sockets).toHaveLength(2);
  expect(opened.sockets[0]?.destroyed).toBe(true);
});

it('one timer looks after all idle connections, and ends with them', async () => {
  const opened = open();
  await serve(opened, 3);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(4000);
  await settle();
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});

it('of too many idle connections, whichever hosts they are to, that is closed which was idle for longest', async () => {
  const opened = open(10, 2);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => targetOf(new URL(`http://${name}.example/`)));
  await serve(opened, 1, '', a);
  await serve(opened, 1, '', b);
  const again = taken(opened.connections, a).carry(REQUEST, 1024);
  await settle();
  opened.sockets[0]?.push('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  await again;
  await serve(opened, 1, '', c);
  expect(opened.sockets.map(({ destroyed }) => destroyed)).toEqual([false, true, false]);
});

it('what is closed because there are too many is given to nobody', async () => {
  const opened = open(10, 0);
  await serve(opened, 1);
  expect(opened.connections.take(TARGET)).toBeDefined();
  expect(opened.sockets).toHaveLength(2);
});

it('a host has no more connections than it may have, after one is closed too', async () => {
  const { connections, sockets } = open(2);
  for (const _ of [1, 2]) void taken(connections).carry(REQUEST, 1024);
  expect(connections.take(TARGET)).toBeUndefined();
  sockets[0]?.destroy();
  await settle();
  taken(connections);
  expect(connections.take(TARGET)).toBeUndefined();
});

it.each([
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['ETIMEDOUT', false],
])(
  'a connection that has served and breaks with %s: stale, which is not the endpoint’s failure: %s',
  async (code, stale) => {
    const opened = open();
    await serve(opened, 1);
    const exchanged = taken(opened.connections).carry(REQUEST, 1024);
    opened.sockets[0]?.destroy(fault(code));
    expect(await exchanged).toMatchObject({ kind: 'failure', stale });
  },
);

it('a machine without resources fails the request as a fault of its own', async () => {
  const { connections, sockets } = open();
  const exchanged = taken(connections).carry(REQUEST, 1024);
  sockets[0]?.destroy(fault('EMFILE'));
  await expect(exchanged).rejects.toThrow(ServiceFault);
});

it('and that of a request that waited for a connection, too', async () => {
  const { connections, sockets, faults } = open(1);
  void taken(connections).carry(REQUEST, 1024);
  const waited = connections.whenFree(TARGET, new Deadline(1000)).then(async (connection) => {
    return connection?.carry(REQUEST, 1024);
  });
  faults.push(fault('EMFILE'));
  sockets[0]?.destroy();
  await expect(waited).rejects.toThrow(ServiceFault);
});

it('a request waits for its connection to open', async () => {
  const { connections, sockets } = open();
  void taken(connections).carry(REQUEST, 1024);
  expect(sockets[0]?.written).toEqual([]);
  await settle();
  expect(sockets[0]?.written).toEqual([String(REQUEST)]);
});
