import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/source-files.ts';

export interface Packed {
  /** A project that has the package and nothing else. */
  project: string;
  tarball: string;
  remove(): void;
}

/** Builds and packs the SDK as it is published, and installs it in a project of its own, without a network. */
export function packedSdk(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-sdk-'));
  const project = join(folder, 'project');
  mkdirSync(project);
  npm(ROOT, 'pack', '--silent', '--workspace=sdk', `--pack-destination=${folder}`);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', tarball);
  return { project, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
