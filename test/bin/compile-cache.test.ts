import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

/** What Node says of its compile cache while `bin/local.ts` starts. */
function start(): string {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
  const env = { ...inherited, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/local.ts', '--version'], { env });
  expect(status).toBe(0);
  return `${stdout}${stderr}`;
}

test('a start strips and compiles nothing that an earlier one has', () => {
  start();
  const retrieved = start().match(/retrieving transpile cache for StrippedTypeScript .*command-line\.ts\.\.\.\w+/)?.[0];
  expect(retrieved).toMatch(/success$/);
});

/** Prints the path of each file that a program loads. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  const load = (url, context, next) => {
    if (url.startsWith('file:')) writeSync(2, 'loads ' + url + '\\n');
    return next(url, context);
  };
  registerHooks({ load });
`)}`;

/** The files that a program loads until it ends, or until it prints `enough`, when it is ended. */
async function loadedBy(program: readonly string[], enough?: string): Promise<Set<string>> {
  const child = spawn(process.execPath, ['--import', LISTING, ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const loaded = new Set<string>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('loads ')) loaded.add(line.slice('loads '.length));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (enough !== undefined && line.includes(enough)) child.kill('SIGINT');
  });
  await ended;
  return loaded;
}

test('the first start finds compiled what it loads: an installation loads the same', async () => {
  const compiled = await loadedBy(['bin/compile.ts']);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postrider-'));
  const started = await loadedBy(['bin/local.ts', '--json', '--port', '0', '--data', folder.path], 'service.started');
  expect(started.size).toBeGreaterThan(300);
  expect([...started.difference(compiled)].filter((url) => !url.endsWith('/bin/local.ts'))).toEqual([]);
});
