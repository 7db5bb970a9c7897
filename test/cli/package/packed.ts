import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../support/source-files.ts';

export interface PackedCli {
  /** For what a test needs beside it. */
  folder: string;
  /** A project that has the package and nothing else. */
  project: string;
  /** The package in it. */
  installed: string;
  /** What the package's `bin` names. */
  program: string;
  remove(): void;
}

/** Builds and packs the command line as it is published, and installs it in a project of its own, without a network. */
export function packedCli(): PackedCli {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-package-'));
  const project = join(folder, 'project');
  npm(ROOT, 'pack', './cli', '--silent', `--pack-destination=${folder}`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
  const installed = join(project, 'node_modules/postrider');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, project, installed, program: join(installed, 'bin/postrider.js'), remove };
}

function npm(cwd: string, ...args: string[]): void {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH } });
}
