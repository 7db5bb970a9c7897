import { afterEach, beforeAll, expect, test } from 'vitest';
import { createHttpSender } from '../../lib/adapters/http/http-sender.ts';
import { MAX_INTERIM, MAX_READS, ResponseReader } from '../../lib/adapters/http/response-reader.ts';
import type { SendResult } from '../../lib/domain/outcome.ts';
import { readOutcome } from '../../lib/domain/outcome.ts';
import { bodyOf, openSender, requestTo } from '../contract/http-sender.contract.ts';
import { closed, startRawCustomer } from '../support/customer-server.ts';
import { type Ending, HOSTILE_SERVERS } from '../support/hostile-servers.ts';

/** For what ends by itself, and for what only the deadline ends. */
const LONG_MS = 6000;
const SHORT_MS = 500;
/** Far more than the budgets and the system's buffers, far less than a flood sends in that time. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Of the files that ran in this process before. */
let socketsBefore = 0;

beforeAll(() => {
  socketsBefore = countSockets();
});

afterEach(() => {
  expect(countSockets() - socketsBefore).toBeLessThan(10);
});

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

function endingOf(result: SendResult): Ending | string {
  if (result.kind === 'error') return result.error;
  return readOutcome(result, 0).success ? 'success' : 'status';
}

test.each(HOSTILE_SERVERS)('a server that $name: $ending', async ({ answer, ending, early }) => {
  const customer = await startRawCustomer((socket) => answer(socket));
  const timeoutMs = early ? LONG_MS : SHORT_MS;
  const result = await openSender(createHttpSender).send(requestTo(customer.url, { timeoutMs }));
  expect(endingOf(result)).toBe(ending);
  expect(result.durationMs).toBeLessThan(early ? LONG_MS / 2 : SHORT_MS + 3000);
  expect(customer.sockets[0]?.bytesWritten).toBeLessThan(MOST_BYTES);
  if (result.kind === 'error') expect(result.message.length).toBeLessThanOrEqual(80);
  if (result.kind === 'error') await closed(customer.sockets[0]);
});

const FLOODS = HOSTILE_SERVERS.filter(({ name }) => name.startsWith('floods'));

test.each(FLOODS)('a server that $name loses its connection', async ({ answer }) => {
  const customer = await startRawCustomer((socket) => answer(socket));
  await openSender(createHttpSender).send(requestTo(customer.url, { timeoutMs: LONG_MS }));
  await closed(customer.sockets[0]);
  expect(customer.sockets[0]?.bytesWritten).toBeLessThan(MOST_BYTES);
});

test.each(HOSTILE_SERVERS.filter(({ ending }) => ending === 'success'))(
  'the request after one to a server that $name gets its own response',
  async ({ answer }) => {
    const customer = await startRawCustomer((socket, connection, request) => {
      if (connection === 1 && request === 1) answer(socket);
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nown');
    });
    const sender = openSender(createHttpSender);
    await sender.send(requestTo(customer.url, { timeoutMs: LONG_MS }));
    // Whatever was sent too much is there by now.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(bodyOf(await sender.send(requestTo(customer.url)))).toBe('own');
  },
);

test(`${MAX_INTERIM} interim responses are skipped, one more is too many`, async () => {
  for (const [count, kind] of [
    [MAX_INTERIM, 'answer'],
    [MAX_INTERIM + 1, 'error'],
  ] as const) {
    const customer = await startRawCustomer((socket) =>
      socket.write(`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(count)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`),
    );
    expect((await openSender(createHttpSender).send(requestTo(customer.url))).kind).toBe(kind);
  }
});

test('interim responses with large headers are too many bytes, though each is small enough', async () => {
  const interim = `HTTP/1.1 103 Early Hints\r\nLink: ${'x'.repeat(15_000)}\r\n\r\n`;
  const customer = await startRawCustomer((socket) =>
    socket.write(`${interim.repeat(4)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`),
  );
  const result = await openSender(createHttpSender).send(requestTo(customer.url));
  expect(result).toMatchObject({ message: 'the response has too many bytes around its body' });
});

test(`${MAX_READS} pieces of a response are read, one more is too many`, () => {
  const reader = new ResponseReader(() => {});
  reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
  for (let n = 1; n < MAX_READS; n += 1) reader.read(Buffer.from('x'));
  expect(() => reader.read(Buffer.from('x'))).toThrow('the response comes in too many pieces');
});

test('a body in many small pieces, as a slow program writes it, is whole', async () => {
  const customer = await startRawCustomer((socket) => {
    const chunks = Array.from({ length: MAX_READS / 10 }, () => '3\r\nabc\r\n');
    socket.setNoDelay(true).write('HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n');
    const timer = setInterval(() => {
      const chunk = chunks.pop();
      socket.write(chunk ?? '0\r\n\r\n');
      if (chunk === undefined) clearInterval(timer);
    }, 2);
  });
  const result = await openSender(createHttpSender).send(requestTo(customer.url));
  expect(bodyOf(result)).toBe('abc'.repeat(MAX_READS / 10));
});

test('a connection that is used again has a budget of its own each time', async () => {
  const body = 'x'.repeat(60_000);
  const customer = await startRawCustomer((socket) =>
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
  );
  const sender = openSender(createHttpSender);
  for (let n = 0; n < 8; n += 1) {
    const result = await sender.send(requestTo(customer.url, { maxResponseBytes: body.length }));
    expect(bodyOf(result)).toBe(body);
  }
  expect(customer.sockets).toHaveLength(1);
  expect(customer.sockets[0]?.listenerCount('data')).toBeLessThan(3);
});
