import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../support/source-files.ts';

export interface Packed {
  /** A project that has the package and nothing else. */
  project: string;
  tarball: string;
  remove(): void;
}

/**
 * Builds and packs the SDK as it is published, and installs it in a project of its own, without a network. It works on a
 * copy: two tests can do so at once.
 */
export function packedSdk(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-sdk-'));
  const [copy, project] = [join(folder, 'sdk'), join(folder, 'project')];
  cpSync(join(ROOT, 'sdk'), copy, { recursive: true, filter: (path) => path !== join(ROOT, 'sdk/dist') });
  cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  npm(copy, 'pack', '--silent', `--pack-destination=${folder}`);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', tarball);
  return { project, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** With the compiler in the path, as it is in a script of this project. */
function npm(cwd: string, ...args: string[]): void {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH } });
}
