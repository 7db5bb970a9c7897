import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { Api } from '../../e2e/api.ts';
import { MemoryLog } from '../../support/memory-log.ts';

// The command line as a process: what ends it, who sees its arguments, and where its output goes.

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  folder = mkdtempSync(join(tmpdir(), 'postrider-process-'));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const api = () => new Api(service, 'default');
const endpoints = async () => (await api().get('/v1/endpoints')).data as unknown[];

function started(args: readonly string[], more: Record<string, string> = {}) {
  const access = { POSTRIDER_URL: service.url, POSTRIDER_API_KEY: service.apiKey };
  const env = { ...process.env, ...access, POSTRIDER_CONFIG: join(folder, 'profiles.json'), ...more };
  return spawn(process.execPath, ['cli/bin/postrider.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
type Started = ReturnType<typeof started>;

async function said(child: Started, words: string): Promise<void> {
  let seen = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (seen.includes(words)) return;
  }
  throw new Error(`It ended, and had said: ${seen}`);
}

const codeOf = async (child: Started) => (child.exitCode ?? (await once(child, 'exit'))[0]) as number;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends listen with 130, and its endpoint',
  { timeout: 30_000 },
  async (signal) => {
    const child = started(['listen']);
    await said(child, 'Showing *');
    expect(await endpoints()).toHaveLength(1);
    child.kill(signal);
    expect(await codeOf(child)).toBe(130);
    expect(await endpoints()).toEqual([]);
  },
);

test('a reader that ends, such as head, ends listen quietly, and its endpoint', { timeout: 30_000 }, async () => {
  const child = started(['listen', '-o', 'quiet']);
  await vi.waitUntil(async () => (await endpoints()).length === 1, { timeout: 20_000, interval: 50 });
  child.stdout.destroy();
  const posts = setInterval(() => void api().post(), 200);
  const [code, errors] = await Promise.all([codeOf(child), text(child.stderr)]).finally(() => clearInterval(posts));
  expect([code, errors]).toEqual([0, '']);
  expect(await endpoints()).toEqual([]);
});

test.runIf(process.platform === 'linux')('an answer that can’t be written is an error', async () => {
  const access = { POSTRIDER_URL: service.url, POSTRIDER_API_KEY: service.apiKey };
  const child = spawn('sh', ['-c', `"${process.execPath}" cli/bin/postrider.js endpoints list -o json > /dev/full`], {
    env: { ...process.env, ...access },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [code, errors] = await Promise.all([codeOf(child), text(child.stderr)]);
  expect(code).toBe(1);
  expect(errors).toMatch(/^postrider: The answer can’t be written: .*ENOSPC.*\n$/);
});

test.runIf(process.platform === 'linux')(
  'a key that was typed disappears from the list of processes',
  { timeout: 30_000 },
  async () => {
    const child = started(['listen', '--api-key', service.apiKey], { POSTRIDER_API_KEY: '' });
    try {
      await said(child, 'Showing *');
      expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).not.toContain(service.apiKey);
    } finally {
      child.kill('SIGINT');
      await codeOf(child);
    }
  },
);
