import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const CONSOLE = join(ROOT, 'console');
const DIST = join(CONSOLE, 'dist');
/** Beside the packages, where whoever can write could change the code anyway. */
const CACHE = join(ROOT, 'node_modules/.cache/postrider');
/** What the build reads: the console and the client that it uses. */
const SOURCES = [CONSOLE, join(ROOT, 'sdk/src')];

/** How the console came to be where it is, or why it is not there. */
export type BuiltConsole = { folder: string } | { missing: string };

/**
 * The folder of the built console. It is built when it is not there or older than its sources, by a process of its own,
 * so that a service that starts meanwhile is neither delayed nor made larger by the build.
 */
export async function builtConsole(): Promise<BuiltConsole> {
  if (isUpToDate()) return { folder: DIST };
  const why = await buildConsole();
  // One that is older than its sources is better than none.
  return existsSync(DIST) ? { folder: DIST } : { missing: why ?? 'its build left no files' };
}

/** @returns why it could not be built, undefined when it was */
export async function buildConsole(): Promise<string | undefined> {
  const vite = viteProgram();
  if (vite === undefined) return 'Vite is not installed: run "npm ci" without --omit=dev';
  // Under a name of its own first: another process that reads or builds the console sees all files of a build or none.
  const fresh = join(CACHE, `console-${process.pid}`);
  try {
    const said = await run([vite, 'build', CONSOLE, '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']);
    if (said !== undefined) return said;
    rmSync(DIST, { recursive: true, force: true });
    renameSync(fresh, DIST);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function viteProgram(): string | undefined {
  try {
    const vite = createRequire(join(CONSOLE, 'package.json')).resolve('vite/package.json');
    return join(vite, '../bin/vite.js');
  } catch {
    return undefined;
  }
}

/** @returns what it printed, when it failed */
function run(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? undefined : said.trim() || `Vite ended with ${code}`));
  });
}

function isUpToDate(): boolean {
  const index = join(DIST, 'index.html');
  if (!existsSync(index)) return false;
  const builtAt = statSync(index).mtimeMs;
  return SOURCES.every((folder) => newestIn(folder) <= builtAt);
}

/** Of the files below a folder, without what is built or installed. In ms. */
function newestIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .reduce((newest, entry) => {
      const path = join(folder, entry.name);
      return Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
    }, 0);
}
