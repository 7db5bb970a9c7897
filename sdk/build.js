// `npm run build`: writes dist/, what is published.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, 'dist');

rmSync(dist, { recursive: true, force: true });
// npm has put the compiler into the path.
execFileSync('tsc', ['-p', import.meta.dirname], { stdio: 'inherit', shell: process.platform === 'win32' });

// The compiler leaves the names of the sources in declarations, which only its later versions resolve.
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const text = readFileSync(join(dist, name), 'utf8');
  writeFileSync(join(dist, name), text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
}
