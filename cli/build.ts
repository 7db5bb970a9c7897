// `npm pack ./cli` runs it: writes dist/, what is published. Everything that the command line uses is in it, the SDK from
// its sources too, so that `npx postrider` fetches one package. What few commands need is a file that only they load.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '..');
const DIST = join(HERE, 'dist');

rmSync(DIST, { recursive: true, force: true });
const { metafile } = buildSync({
  entryPoints: [join(HERE, 'src/main.ts')],
  outdir: DIST,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.12',
  format: 'esm',
  // What makes types of schemas would format them by it, where it were asked to.
  alias: { prettier: join(HERE, 'no-prettier.ts') },
  // CommonJS packages inside an ESM bundle still call require for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  minify: true,
  // Errors show their classes.
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: ROOT,
});
writeFileSync(join(DIST, 'THIRD-PARTY.txt'), notices(Object.keys(metafile.inputs)));

/** The licences of the packages whose code is in the bundle, which ask to go with it. */
function notices(files: readonly string[]): string {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].toSorted().map(noticeOf).join('\n\n');
}

function noticeOf(folder: string): string {
  const read = (name: string) => readFileSync(join(ROOT, folder, name), 'utf8');
  const { name, version, license } = JSON.parse(read('package.json')) as Record<string, string>;
  const file =
    existsSync(join(ROOT, folder)) && readdirSync(join(ROOT, folder)).find((one) => /^licen[cs]e/i.test(one));
  return `${name} ${version} (${license})\n\n${file ? read(file).trim() : ''}`;
}
