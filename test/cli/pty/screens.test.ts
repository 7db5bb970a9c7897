import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { Api } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { unusedPort } from '../../support/customer-server.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { atTerminal } from './at-terminal.ts';

// What a person sees of the commands that go on, in a real terminal of 80 columns, and what the keys do there.
// `npx vitest run test/cli/pty/screens.test.ts -u` writes the screens anew.

let service: Service;
let receiver: Receiver;
let folder: string;
let status = 200;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  receiver = await Receiver.start(() => status);
  folder = mkdtempSync(join(tmpdir(), 'postrider-screens-'));
});
afterAll(async () => {
  await receiver.stop();
  await service.stop();
  rmSync(folder, { recursive: true });
});

const api = () => new Api(service, 'default');
const access = () => ({ POSTRIDER_URL: service.url, POSTRIDER_API_KEY: service.apiKey });

/** Without what differs each time; ids keep their lengths. */
function golden(screen: string): string {
  return stripVTControlCharacters(screen)
    .replaceAll('\r\n', '\n')
    .replaceAll(/\d\d:\d\d:\d\d(?=  )/g, '12:00:00')
    .replaceAll(/(evt|ep)_\w{26}/g, '$1_01KGS4T2J8W5Y7R0D3F6A9B1CE')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:3000')
    .replaceAll(/ +\d+ ms$/gm, (took) => '5 ms'.padStart(took.length))
    .replaceAll(/(webhook-timestamp:) \d+/g, '$1 1770379200')
    .replaceAll(/v1,[\w+/=]{44}/g, `v1,${'A'.repeat(43)}=`)
    .replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":"2026-02-06T12:00:00.000Z"');
}

test('listen at a terminal: r sends the last one again, d shows it, q ends', { timeout: 60_000 }, async () => {
  const nobody = `127.0.0.1:${await unusedPort()}`;
  let id = '';
  const post = async (type: string) => {
    ({ id } = await api().post({
      type,
      data: { id: 'TASK-001', url: 'https://customer.example.com/a-rather-long-path' },
    }));
    return '';
  };
  const { code, screen } = await atTerminal(
    ['listen', '-f', receiver.url, '--map', `order.*=${nobody}`],
    [
      ['q quit.', () => ((status = 500), post('invoice.payment_failed.for_good'))],
      [' ms', () => post('order.paid')],
      ['ECONNREFUSED', () => ((status = 200), post('task.completed'))],
      [' ms', () => vi.waitUntil(isDelivered, { timeout: 20_000, interval: 50 }).then(() => 'd')],
      ['answered 200 seen', 'r'],
      [' ms', 'q'],
    ],
    { folder, env: access() },
  );
  async function isDelivered(): Promise<boolean> {
    return (await api().get(`/v1/events/${id}/deliveries`)).data[0]?.status === 'delivered';
  }
  expect(code, screen).toBe(0);
  // The second time with the same id; whether the answer to `r` or the delivery comes first is open.
  expect(receiver.of(id)).toHaveLength(2);
  const isSaid = `${id} is sent again.\r\n`;
  expect(screen).toContain(isSaid);
  await expect(golden(screen.replace(isSaid, ''))).toMatchFileSnapshot('../screens/listen.txt');
  expect((await api().get('/v1/endpoints')).data).toEqual([]);
});

test('tail at a terminal: each change of a delivery, and why it failed', { timeout: 60_000 }, async () => {
  status = 503;
  const about = { url: receiver.url, events: ['tailed.*'], retry: { delays: [] } };
  const { id: endpoint } = await api().endpoint(about);
  const dead = await api().post({ type: 'tailed.invoice.payment_failed' });
  await vi.waitUntil(async () => (await api().delivery(dead.id, endpoint))?.status === 'exhausted', {
    timeout: 20_000,
  });
  const { code, screen } = await atTerminal(
    ['tail', '--endpoint', endpoint, '--since', '10m'],
    [
      [
        'answered 503',
        () => (
          (status = 200),
          api()
            .post({ type: 'tailed.ok' })
            .then(() => '')
        ),
      ],
      ['delivered', '\u0003'],
    ],
    { folder, env: access() },
  );
  expect(code, screen).toBe(130);
  // Whether somebody looked while it was pending is open.
  const lines = golden(screen).split('\n');
  await expect(lines.filter((line) => !line.includes('  pending ')).join('\n')).toMatchFileSnapshot(
    '../screens/tail.txt',
  );
});

test.each(['listen', 'tail'])('the screen of %s fits into 80 columns', (name) => {
  const lines = readFileSync(join(import.meta.dirname, `../screens/${name}.txt`), 'utf8').split('\n');
  // What d shows is whole, to be copied.
  const isWhole = (line: string) => /^(webhook-|content-|user-agent|\{)/.test(line);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => [...line].length > 80 && !isWhole(line))).toEqual([]);
});
