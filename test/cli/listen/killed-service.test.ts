import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';
import { Api } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { Running } from './listening.ts';

const KILLS = 4;
const EVENTS_A_ROUND = 25;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The service as a process of its own; the same folder and port make it the same service. */
async function start(dataDir: string, port: string, knownKey = '') {
  const args = ['bin/local.js', '--no-demo', '--json', '--port', port, '--data', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const fields = JSON.parse(line) as Record<string, string>;
    if (fields.event !== 'service.started') continue;
    child.stdout?.resume();
    return { child, url: fields.url as string, apiKey: fields.api_key ?? knownKey };
  }
  throw new Error('the service ended before it was ready');
}

test(
  'no event is missed while the service is killed and comes back, and none comes without its id',
  {
    timeout: 120_000,
  },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'postrider-listen-'));
    const receiver = await Receiver.start();
    const first = await start(dataDir, '0');
    const env = { POSTRIDER_URL: first.url, POSTRIDER_API_KEY: first.apiKey };
    const listening = new Running(['listen', '-f', receiver.url, '--patience', '30', '-o', 'quiet'], { env });
    const accepted = new Set<string>();
    try {
      await listening
        .sees('')
        .then(() => vi.waitUntil(async () => (await endpoints(first)) === 1, { timeout: 20_000 }));
      let running = first;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const api = new Api(running, 'default');
        const before = accepted.size;
        const posts = Array.from({ length: EVENTS_A_ROUND }, async () => {
          accepted.add((await api.post()).id);
          if (accepted.size - before === 3 + kill * 5) running.child.kill('SIGKILL');
        });
        await Promise.allSettled(posts);
        const gone =
          running.child.exitCode === null && running.child.signalCode === null && once(running.child, 'exit');
        running.child.kill('SIGKILL');
        await gone;
        running = await start(dataDir, new URL(first.url).port, first.apiKey);
      }
      const missed = () => [...accepted].filter((id) => receiver.of(id).length === 0);
      await vi.waitUntil(() => missed().length === 0, { timeout: 40_000, interval: 100 });
      expect(accepted.size).toBeGreaterThan(KILLS * 3);
      expect(receiver.arrivals.filter(({ headers }) => !headers['webhook-id']?.startsWith('evt_'))).toEqual([]);
      expect(await listening.interrupt()).toBe(130);
    } finally {
      await listening.interrupt();
      await receiver.stop();
      for (const child of children) child.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);

async function endpoints(running: { url: string; apiKey: string }): Promise<number> {
  return (await new Api(running, 'default').get('/v1/endpoints')).data.length;
}

test('a service that does not come back is told, and ends it with 7', { timeout: 60_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'postrider-listen-'));
  const { child, url, apiKey } = await start(dataDir, '0');
  const env = { POSTRIDER_URL: url, POSTRIDER_API_KEY: apiKey };
  const listening = new Running(['listen', '--patience', '1'], { env });
  try {
    await listening.sees('Showing *');
    child.kill('SIGKILL');
    expect(await listening.code).toBe(7);
    expect(listening.written.stderr).toContain('Connection lost: No answer from');
    expect(listening.written.stderr).toMatch(/The endpoint ep_\w+ is still there/);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
