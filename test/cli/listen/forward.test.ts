import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forward } from '../../../cli/src/listen/forward.ts';

const DELIVERY = {
  delivery_id: 'del_1',
  event_id: 'evt_1',
  event_type: 'a.b',
  test: false,
  headers: { 'webhook-id': 'evt_1', host: 'elsewhere.test' },
  body: '{}',
} as unknown as Parameters<typeof forward>[0];

let url: string;
let written = 0;
/** A receiver whose answer has no end. */
const server = createServer((_, response) => {
  const write = () => {
    written += 64 * 1024;
    if (response.write('x'.repeat(64 * 1024))) setImmediate(write);
    else response.once('drain', write);
  };
  response.on('close', () => response.removeAllListeners('drain')).writeHead(202);
  write();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('of an answer without an end, as much is read as is shown', async () => {
  const options = { fetch, now: Date.now, timeoutMs: 20_000, signal: new AbortController().signal };
  const { statusCode, answer, error } = await forward(DELIVERY, url, options);
  expect([statusCode, answer, error]).toEqual([202, 'x'.repeat(2000), undefined]);
  expect(written).toBeLessThan(64 * 1024 * 1024);
});
