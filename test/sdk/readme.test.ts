import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Postrider } from '@postrider/sdk';
import { newSecret, signedMessage, signedRequest } from '@postrider/sdk/receive/testing';
import { embedded } from '../e2e/embedded.ts';
import type { RunningBackend } from '../e2e/backend.ts';
import { unusedPort } from '../support/customer-server.ts';
import { ROOT } from '../support/source-files.ts';

// Every piece of code of sdk/README.md is a program: its first line names it.

const PAGE = readFileSync('sdk/README.md', 'utf8');
const PROGRAMS = new Map(
  [...PAGE.matchAll(/^```ts\n\/\/ (\S+)\.ts\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
);
/** Where they find the packages of this project. */
const FOLDER = join(ROOT, `node_modules/.cache/postrider-readme-${process.pid}`);
const run = promisify(execFile);

let service: RunningBackend;
let port: number;
beforeAll(async () => {
  service = await embedded.start();
  port = await unusedPort();
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of PROGRAMS) {
    const here = text
      .replaceAll('http://127.0.0.1:8080', service.url)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
    writeFileSync(join(FOLDER, `${name}.ts`), here);
  }
  await build({
    entryPoints: [...PROGRAMS.keys()].map((name) => join(FOLDER, `${name}.ts`)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    external: ['express', 'fastify', 'hono'],
    tsconfig: join(ROOT, 'tsconfig.json'),
    alias: {
      '@postrider/sdk/receive/express': './sdk/src/receive/express.ts',
      '@postrider/sdk/receive/fastify': './sdk/src/receive/fastify.ts',
      '@postrider/sdk/receive/hono': './sdk/src/receive/hono.ts',
      '@postrider/sdk/receive/lambda': './sdk/src/receive/lambda.ts',
      '@postrider/sdk/receive/testing': './sdk/src/receive/testing.ts',
      '@postrider/sdk/receive': './sdk/src/receive/index.ts',
      '@postrider/sdk': './sdk/src/index.ts',
    },
  });
}, 60_000);
afterAll(async () => {
  await service.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({
  ...process.env,
  POSTRIDER_API_KEY: service.apiKey,
  PORT: String(port),
  NO_COLOR: '1',
  ...more,
});

/** What a program prints until it ends. */
async function outputOf(name: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(FOLDER, `${name}.mjs`)], { env: environment() });
  return stdout;
}

test('each piece of code is named, and compiles', { timeout: 60_000 }, () => {
  expect(PROGRAMS.size).toBe(PAGE.match(/^```ts$/gm)?.length);
  const files = [...PROGRAMS.keys()].map((name) => join(FOLDER, `${name}.ts`));
  writeFileSync(
    join(FOLDER, 'tsconfig.json'),
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: [], files }),
  );
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  expect(() => execFileSync(tsc, ['-p', FOLDER], { stdio: 'pipe', encoding: 'utf8' })).not.toThrow();
});

test('what is sent arrives and is verified', { timeout: 60_000 }, async () => {
  const sent = await outputOf('send');
  const [, secret = '', id = ''] = /^POSTRIDER_SECRET=(whsec_\S+)\nposted (evt_\w+)\n$/.exec(sent) ?? [];
  expect(id).not.toBe('');
  // The receiver was not there yet: the first retry finds it.
  const receiver = spawn(process.execPath, [join(FOLDER, 'receive.mjs')], {
    env: environment({ POSTRIDER_SECRET: secret }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let output = '';
    for await (const chunk of receiver.stdout) {
      output += String(chunk);
      if (output.includes('received')) break;
    }
    expect(output).toBe("listening\nreceived task.completed { task_id: 'TASK-001' }\n");
  } finally {
    receiver.kill();
  }
});

test('what is polled is verified', async () => {
  expect(await outputOf('poll')).toBe("polled task.completed { task_id: 'TASK-001' }\n");
});

test('a refusal is read', async () => {
  expect(await outputOf('errors')).toBe("422 [ 'url' ]\n");
  // As the page says.
  expect(PROGRAMS.get('errors')).toContain("// 422 [ 'url' ]");
});

test('many events are posted', async () => {
  expect(await outputOf('batches')).toBe('250 accepted\n3 in one call\n');
});

test('lists are read', async () => {
  expect(await outputOf('lists')).toMatch(/^50 of the events and more$/m);
});

test('a job is waited for', async () => {
  expect(await outputOf('jobs')).toMatch(/^done \d+$/m);
});

test('a signed request is verified', async () => {
  expect(await outputOf('verify')).toMatch(/task\.completed .*task_id: 'TASK-001'/);
});

test('each framework takes a webhook, and refuses a forged one', async () => {
  const secret = newSecret();
  process.env['POSTRIDER_SECRET'] = secret;
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const { fetch, handler, server, app } = (await import(/* @vite-ignore */ join(FOLDER, 'frameworks.mjs'))) as {
    fetch(request: Request): Promise<Response>;
    handler(event: object): Promise<{ statusCode: number }>;
    server: { inject(request: object): Promise<{ statusCode: number }>; close(): Promise<void> };
    app: { fetch(request: Request): Promise<Response> };
  };
  delete process.env['POSTRIDER_SECRET'];
  const statusesWith = async (key: string) => {
    const webhook = { type: 'a.b', data: {} };
    const options = { secret: key, url: 'http://127.0.0.1/webhooks' };
    const { headers, body } = await signedMessage(webhook, options);
    return [
      (await fetch(await signedRequest(webhook, options))).status,
      (await app.fetch(await signedRequest(webhook, options))).status,
      (await handler({ headers, body })).statusCode,
      (await server.inject({ method: 'POST', url: '/webhooks', headers, payload: body })).statusCode,
    ];
  };
  expect(await statusesWith(secret)).toEqual([204, 204, 204, 204]);
  expect(await statusesWith(newSecret())).toEqual([401, 401, 401, 401]);
  expect(print.mock.calls.map(([text]) => String(text))).toEqual(Array(4).fill('received a.b'));
  print.mockRestore();
  await server.close();
});

test('each method that docs/migrate.md names exists', () => {
  const client = new Postrider({ apiKey: 'prk_x', baseUrl: service.url }) as unknown as Record<string, object>;
  const named = [...readFileSync('docs/migrate.md', 'utf8').matchAll(/postrider\.(\w+)\.(\w+)\(/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [call, resource = '', method = ''] of named) {
    expect((client[resource] as Record<string, unknown> | undefined)?.[method], call).toBeTypeOf('function');
  }
});
