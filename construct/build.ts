// `npm pack ./construct` runs it: writes dist/, what is published. Its folders are those of the sources, so that what one
// file says of another's place holds in both.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/infra/bundled-lambda.ts';
import { LAMBDA_ENTRIES } from '../lib/infra/written-in.ts';

const HERE = import.meta.dirname;
const DIST = join(HERE, 'dist');
const CONSOLE = resolve(HERE, '../console/dist');

if (!existsSync(CONSOLE)) throw new Error('The console is not built: run "npm run build:console".');

rmSync(DIST, { recursive: true, force: true });
compile();
for (const entry of LAMBDA_ENTRIES) bundle(entry);
cpSync(CONSOLE, join(DIST, 'console/dist'), { recursive: true });

/** npm has put the compiler into the path. */
function compile(): void {
  execFileSync('tsc', ['-p', HERE], { stdio: 'inherit', shell: process.platform === 'win32' });
  const loaded = filesLoaded();
  for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
    const file = join(DIST, name);
    if (name.endsWith('.d.ts')) nameOutput(file);
    else if (name.endsWith('.js') && !loaded.has(file)) rmSync(file);
  }
}

/** The compiler writes what only types are taken from, too: what serves requests, for one. */
function filesLoaded(): Set<string> {
  const { metafile } = buildSync({
    entryPoints: ['index.js', 'shipped-lambda.js'].map((name) => join(DIST, 'construct/src', name)),
    outdir: DIST,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    external: ['#function-code'],
    absWorkingDir: DIST,
  });
  return new Set(Object.keys(metafile.inputs).map((path) => join(DIST, path)));
}

/** The compiler leaves the names of the sources in declarations, which only its later versions resolve. */
function nameOutput(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/((?:from |import |import\()'\.[^']*)\.ts'/g, "$1.js'"));
}

/** With nothing written in: that comes in front of it, where it is deployed. */
function bundle(entry: (typeof LAMBDA_ENTRIES)[number]): void {
  const folder = join(DIST, 'functions', entry);
  mkdirSync(folder, { recursive: true });
  const { define: _, ...options } = bundleOptions(entry, folder);
  buildSync(options);
}
