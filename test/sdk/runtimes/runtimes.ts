import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../../support/source-files.ts';
import type { CheckPlace } from '../service/checks.ts';
import type { Checked } from './programs.ts';

/** Installed beside the project's own packages, and only for this command: together they are 700 MB. */
const FOLDER = join(ROOT, 'node_modules/.cache/postrider-runtimes');
const PACKAGES = {
  '@arethetypeswrong/cli': '0.18.5',
  bun: '1.4.5',
  deno: '2.9.6',
  miniflare: '4.20260730.0',
  node20: 'npm:node@20.20.2',
  node22: 'npm:node@22.23.3',
};
const SCRIPTS = ['bun', 'deno', 'node', 'workerd'];
const COMPATIBILITY_DATE = '2026-07-01';
const PROGRAMS = join(ROOT, 'test/sdk/runtimes/programs.ts');

const run = promisify(execFile);
export const binary = (name: string) => join(FOLDER, 'node_modules', name);

/** Installs what is missing. */
export function installRuntimes(): void {
  const manifest = JSON.stringify({
    private: true,
    allowScripts: Object.fromEntries(SCRIPTS.map((name) => [name, true])),
    dependencies: PACKAGES,
  });
  const [file, done] = [join(FOLDER, 'package.json'), join(FOLDER, 'installed.json')];
  if (existsSync(done) && readFileSync(done, 'utf8') === manifest) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, manifest);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: FOLDER, stdio: 'inherit' });
  writeFileSync(done, manifest);
}

export type Runtime = (project: string, place: CheckPlace) => Promise<Checked>;

/** A runtime that runs a file, with the package as it was installed. */
function commandLine(command: string, ...args: string[]): Runtime {
  return async (project, place) => {
    const file = await programFor(project, 'main', 'await main();');
    const env = { ...process.env, CHECK_PLACE: JSON.stringify(place), NO_COLOR: '1' };
    const { stdout } = await run(command, [...args, file], { cwd: project, env });
    return JSON.parse(stdout) as Checked;
  };
}

interface Miniflare {
  dispatchFetch(url: string, init: { method: string; body: string }): Promise<{ json(): Promise<unknown> }>;
  dispose(): Promise<void>;
}

/** The runtime of Cloudflare's workers: one file with everything. */
const workerd: Runtime = async (project, place) => {
  const program = await programFor(project, 'answer', 'export default { fetch: answer };');
  const { outputFiles } = await build({ entryPoints: [program], bundle: true, format: 'esm', write: false });
  const script = outputFiles[0]?.text;
  const { Miniflare: Create } = (await import(binary('miniflare/dist/src/index.js'))) as {
    Miniflare: new (options: object) => Miniflare;
  };
  const worker = new Create({ modules: true, script, compatibilityDate: COMPATIBILITY_DATE });
  try {
    const answer = await worker.dispatchFetch('http://checks/', { method: 'POST', body: JSON.stringify(place) });
    return (await answer.json()) as Checked;
  } finally {
    await worker.dispose();
  }
};

/** JavaScript in the project, which imports the package that is installed there. */
async function programFor(project: string, name: 'main' | 'answer', what: string): Promise<string> {
  const outfile = join(project, `${name}.js`);
  const contents = `import { ${name} } from ${JSON.stringify(PROGRAMS)}; ${what}`;
  const external = ['@postrider/*'];
  await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outfile,
    external,
  });
  return outfile;
}

/** The versions of Node, each by its program. */
export const NODES: Readonly<Record<string, string>> = {
  'Node 20': binary('node20/bin/node'),
  'Node 22': binary('node22/bin/node'),
  'Node 24': process.execPath,
};

export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  ...Object.fromEntries(Object.entries(NODES).map(([name, program]) => [name, commandLine(program)])),
  Deno: commandLine(binary('.bin/deno'), 'run', '--allow-all', '--no-config', '--node-modules-dir=manual'),
  Bun: commandLine(binary('.bin/bun')),
  workerd,
};
