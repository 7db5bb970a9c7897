import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../support/source-files.ts';

const NAME = '@postrider/construct';

export interface PackedConstruct {
  /** A CDK project that has the package, the packages that it asks for, and nothing else. */
  project: string;
  /** Where the package is in it. */
  installed: string;
  remove(): void;
}

/** Builds the construct as it is published. The packages that it asks for are this repository's: no network. */
export function packedConstruct(dependencies: readonly string[]): PackedConstruct {
  const project = mkdtempSync(join(tmpdir(), 'postrider-construct-'));
  const installed = join(project, 'node_modules', NAME);
  for (const path of filesOfPackage()) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(join(ROOT, 'construct', path), join(installed, path));
  }
  for (const name of dependencies) link(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  return { project, installed, remove: () => rmSync(project, { recursive: true, force: true }) };
}

/** What `npm pack` would put into it, once it has built it, with the compiler in the path. */
function filesOfPackage(): string[] {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const options = { cwd: join(ROOT, 'construct'), env: { ...process.env, PATH }, encoding: 'utf8' } as const;
  execFileSync('npm', ['run', '--silent', 'build'], { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], options);
  const packages = Object.values(JSON.parse(listed) as Record<string, { files: { path: string }[] }>);
  return packages.flatMap(({ files }) => files.map(({ path }) => path));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
