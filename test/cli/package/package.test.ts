import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../../cli/src/version.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { ROOT } from '../../support/source-files.ts';
import { brokenOn } from '../runtimes/checks.ts';
import { type PackedCli, packedCli } from './packed.ts';

/** Those that Apache-2.0 may stand over, as test/licences.test.ts has them. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

const NO_ACCOUNT = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const manifest = JSON.parse(readFileSync(join(ROOT, 'cli/package.json'), 'utf8')) as {
  version: string;
  scripts: object;
};

let packed: PackedCli;
beforeAll(() => (packed = packedCli()), 120_000);
afterAll(() => packed.remove());

function postrider(...args: string[]): string {
  const env = { ...process.env, POSTRIDER_CONFIG: join(packed.folder, 'none.json') };
  return execFileSync(join(packed.project, 'node_modules/.bin/postrider'), args, {
    cwd: packed.project,
    env,
    encoding: 'utf8',
  });
}

test('what is published is the bundle, its entry and the licences of what is in it, and it brings no other package', () => {
  expect(readdirSync(packed.installed).toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
  expect(readdirSync(join(packed.project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'postrider',
  ]);
  const notices = readFileSync(join(packed.installed, 'dist/THIRD-PARTY.txt'), 'utf8');
  expect(notices).toMatch(/^commander 14\.0\.3 \(MIT\)\n\n\(The MIT License\)/m);
  const licences = [...notices.matchAll(/^\S+ \d+\.\d+\.\d+ \((.*)\)$/gm)].map((match) => match[1] ?? '');
  expect(licences.length).toBeGreaterThan(3);
  for (const licence of licences) expect(PERMISSIVE).toContain(licence);
  expect(readFileSync(join(packed.installed, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
});

test('publint finds nothing wrong with it', async () => {
  expect((await publint({ pkgDir: packed.installed, strict: true, pack: false })).messages).toEqual([]);
});

test('it runs: version, help, and a command that finds no key', () => {
  expect(postrider('--version')).toBe(`${VERSION}\n`);
  expect(manifest.version).toBe(VERSION);
  expect(postrider('events', '--help')).toContain('Usage: postrider events');
  expect(() => postrider('events', 'list')).toThrow(/No key for/);
});

test('the types of the catalogue are made from the package alone', async () => {
  const type = { type: 'a.b', description: 'x', schema: { type: 'object', properties: { n: { type: 'number' } } } };
  const server = createServer((_, response) => response.end(JSON.stringify({ data: [type], next_cursor: null })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = [packed.program, 'types', '--api-url', url, '--api-key', 'prk_x'];
  const { stdout } = await promisify(execFile)(process.execPath, args).finally(() => server.close());
  expect(stdout).toMatch(/export interface Events \{[^]*"a\.b": \{[^]*n\?: number/);
});

test('it makes keys in the store of a local service, and asks the table of a deployment', async () => {
  const dataDir = join(packed.folder, 'data');
  const service = await startService({ dataDir, port: 0, log: new MemoryLog() });
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [packed.program, 'create-key', ...args], {
      env: { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1', ...NO_ACCOUNT },
    });
  try {
    const { stdout } = await run('--data', dataDir, '--tenant', 'acme');
    const answer = await fetch(`${service.url}/v1/endpoints`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    });
    expect(answer.status).toBe(200);
  } finally {
    await service.stop();
  }
  await expect(run('--table', 'config', '--region', 'eu-west-1')).rejects.toThrow(/ECONNREFUSED/);
});

// `npm run test:runtimes` does the same on Node 20, 22 and 24.
test('it keeps its promises on this Node', { timeout: 120_000 }, async () => {
  const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  const place = { baseUrl: service.url, apiKey: service.apiKey };
  expect(await brokenOn(process.execPath, packed, place, 'acme').finally(() => service.stop())).toEqual([]);
});

test('installing it, or this repository, runs nothing of it', () => {
  expect(Object.keys(manifest.scripts).toSorted()).toEqual(['build', 'prepack']);
});

/** Prints how many files of its own a process has loaded, as its last line. */
const COUNT = `data:text/javascript,import { registerHooks } from 'node:module'; let files = 0;
  registerHooks({ load(url, context, next) { files += url.startsWith('file:') ? 1 : 0; return next(url, context); } });
  process.on('exit', () => console.error(files));`;

test.each([['--version'], ['--help'], ['events', 'list'], ['listen']])(
  'few files are loaded to start: %s',
  (...args) => {
    const env = { ...process.env, POSTRIDER_CONFIG: join(packed.folder, 'none.json') };
    const bin = packed.program;
    const { stderr } = spawnSync(process.execPath, ['--import', COUNT, bin, ...args], { env, encoding: 'utf8' });
    const files = Number(stderr.trim().split('\n').at(-1));
    expect(files, stderr).toBeGreaterThan(1);
    expect(files, stderr).toBeLessThanOrEqual(8);
  },
);

test('what each command loads is at most 60 KiB, compressed', () => {
  const main = readFileSync(join(packed.installed, 'dist/main.js'));
  const chunks = [...main.toString().matchAll(/(?:^|;)import[^;]*?"\.\/([\w-]+\.js)"/g)].map((match) => match[1] ?? '');
  const all = [main, ...chunks.map((name) => readFileSync(join(packed.installed, 'dist', name)))];
  expect(gzipSync(Buffer.concat(all)).length).toBeLessThan(60 * 1024);
  expect(statSync(packed.program).mode & 0o111).not.toBe(0);
});
