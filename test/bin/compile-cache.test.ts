import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const RETRIEVED = /retrieving transpile cache for StrippedTypeScript .*command-line\.ts\.\.\.success$/m;

/** This process's environment, without its own compile cache. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
  return inherited;
}

/** What Node says of its compile cache while `bin/local.js` starts. @param folder instead of that beside the packages */
function start(folder?: string): string {
  const its = folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
  const env = { ...environment(), ...its, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/local.js', '--version'], { env });
  expect(status).toBe(0);
  return `${stdout}${stderr}`;
}

test('a start strips and compiles nothing that an earlier one has', () => {
  start();
  expect(start()).toMatch(RETRIEVED);
});

test('a start that finds nothing compiled has another process do it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postrider-'));
  expect(start(folder.path)).toMatch(RETRIEVED);
});

test('a service does not load what strips types', () => {
  const listing = `data:text/javascript,process.on('exit', () => console.log(process.moduleLoadList.join()))`;
  const loadedOfNode = (program: string) => {
    const options = { encoding: 'utf8', env: environment() } as const;
    return spawnSync(process.execPath, ['--import', listing, program, '--version'], options).stdout;
  };
  start();
  expect(loadedOfNode('bin/compile.ts')).toContain('internal/deps/amaro');
  expect(loadedOfNode('bin/local.js')).toContain('internal/modules/esm');
  expect(loadedOfNode('bin/local.js')).not.toContain('internal/deps/amaro');
});

/** A program that starts a service with a delivery thread, and stops it once that makes deliveries. */
const withThread = (dataDir: string) => `
  import ${JSON.stringify(resolve('bin/compile-cache.js'))};
  const { startService } = await import(${JSON.stringify(resolve('lib/local/service/service.ts'))});
  const ready = Promise.withResolvers();
  const note = (event) => event === 'dispatch.thread-ready' && ready.resolve();
  const log = { info: note, warn: note, error: (_event, cause) => ready.reject(cause) };
  const options = { dataDir: ${JSON.stringify(dataDir)}, port: 0, log, threads: { count: 1, busyFrom: 0 } };
  const service = await startService(options);
  await ready.promise;
  await service.stop();
`;

test('a delivery thread does not load what strips types', async () => {
  const listing = `data:text/javascript,${encodeURIComponent(`
    import { isMainThread } from 'node:worker_threads';
    import { writeSync } from 'node:fs';
    if (!isMainThread) process.on('exit', () => writeSync(1, process.moduleLoadList.join()));
  `)}`;
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postrider-'));
  const program = join(folder.path, 'with-thread.mjs');
  await writeFile(program, withThread(join(folder.path, 'data')));
  spawnSync(process.execPath, ['bin/compile.ts']);
  const args = ['--import', listing, program];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment() });
  expect(status).toBe(0);
  expect(stdout).toContain('NativeModule http');
  expect(stdout).not.toContain('internal/deps/amaro');
});

/**
 * Lists each file that a program loads, in a file: that takes all at once, where a pipe that nobody reads for a while
 * refuses the next line, which ends the program.
 */
const listing = (path: string) =>
  `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  const load = (url, context, next) => {
    if (url.startsWith('file:')) appendFileSync(${JSON.stringify(path)}, url + '\\n');
    return next(url, context);
  };
  registerHooks({ load });
`)}`;

/** The files that a program loads until it ends, or until it prints `enough`, when it is ended. */
async function loadedBy(program: readonly string[], enough?: string): Promise<Set<string>> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postrider-'));
  const list = join(folder.path, 'loaded');
  const args = ['--import', listing(list), ...program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (enough !== undefined && line.includes(enough)) child.kill('SIGINT');
  });
  await ended;
  const loaded = await readFile(list, 'utf8');
  return new Set(loaded.trimEnd().split('\n'));
}

test('the first start finds compiled what it loads, an installation loads the same, and zod only in English', async () => {
  const compiled = await loadedBy(['bin/compile.ts']);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postrider-'));
  const byThread = await loadedBy(['lib/local/threads/run-deliveries.ts']);
  expect([...byThread.difference(compiled)]).toEqual([]);
  // On a busy machine it would start threads at once, and be ended while they load.
  const options = ['--json', '--port', '0', '--workers', '0', '--data', folder.path];
  const started = await loadedBy(['bin/local.js', ...options], 'service.started');
  expect(started.size).toBeGreaterThan(300);
  expect([...started.difference(compiled)].filter((url) => !url.endsWith('/bin/local.js'))).toEqual([]);
  const languages = [...started].filter((url) => url.includes('/zod/v4/locales/'));
  expect(languages.map((url) => url.split('/').at(-1))).toEqual(['en.js']);
});
