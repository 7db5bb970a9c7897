import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { Api, eventually } from './api.ts';
import { Receiver } from './receiver.ts';

const KILLS = 10;
const EVENTS_A_ROUND = 30;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The arguments of a program that runs the service on a folder. */
type Program = (dataDir: string) => string[];

const inOneThread: Program = (dataDir) => ['bin/local.js', '--no-demo', '--json', '--port', '0', '--data', dataDir];
const withThreads: Program = (dataDir) => ['test/e2e/threaded-service.ts', dataDir];

/** The service as a process of its own on a folder; its first lines tell where it listens. */
async function start(program: Program, dataDir: string, knownKey = '') {
  const child = spawn(process.execPath, program(dataDir), { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const fields = JSON.parse(line) as Record<string, string>;
    if (fields.event !== 'service.started') continue;
    child.stdout?.resume();
    return { child, url: fields.url as string, apiKey: fields.api_key ?? knownKey };
  }
  throw new Error('the service ended before it was ready');
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}

test.each([
  ['in one thread', inOneThread],
  ['with two delivery threads', withThreads],
])(
  'every event that got a 202 arrives, though the service is killed at ten moments under load: %s',
  async (_, program) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'postrider-kill-'));
    const receiver = await Receiver.start();
    const accepted = new Set<string>();
    const tenant = 'org_kill';
    try {
      const first = await start(program, dataDir);
      await new Api(first, tenant).endpoint({ url: receiver.url });
      let running = first;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const api = new Api(running, tenant);
        const gone = exited(running.child);
        const before = accepted.size;
        // Each round is killed a few answers later than the one before it, with the other posts under way.
        const posts = Array.from({ length: EVENTS_A_ROUND }, async () => {
          const { id } = await api.post();
          accepted.add(id as string);
          if (accepted.size - before === 1 + kill * 3) running.child.kill('SIGKILL');
        });
        await Promise.allSettled(posts);
        running.child.kill('SIGKILL');
        await gone;
        running = await start(program, dataDir, first.apiKey);
      }
      expect(accepted.size).toBeGreaterThan(KILLS);
      await eventually(
        async () => [...accepted].filter((id) => receiver.of(id).length === 0),
        (missing) => missing.length === 0,
        { ms: 30_000 },
      );
    } finally {
      await receiver.stop();
      for (const child of children) child.kill('SIGKILL');
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  90_000,
);
