import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../../cli/src/version.ts';
import { ROOT } from '../../support/source-files.ts';

let folder: string;
let project: string;
const installed = () => join(project, 'node_modules/postrider');
const manifest = JSON.parse(readFileSync(join(ROOT, 'cli/package.json'), 'utf8')) as {
  version: string;
  scripts: object;
};

/** Builds and packs it as it is published, and installs it in a project of its own, without a network. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-package-'));
  project = join(folder, 'project');
  npm(ROOT, 'pack', './cli', '--silent', `--pack-destination=${folder}`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): void {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH } });
}

function postrider(...args: string[]): string {
  const env = { ...process.env, POSTRIDER_CONFIG: join(folder, 'none.json') };
  return execFileSync(join(project, 'node_modules/.bin/postrider'), args, { cwd: project, env, encoding: 'utf8' });
}

test('what is published is the bundle, its entry and the licences of what is in it, and it brings no other package', () => {
  expect(readdirSync(installed()).toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['postrider']);
  const notices = readFileSync(join(installed(), 'dist/THIRD-PARTY.txt'), 'utf8');
  expect(notices).toMatch(/^commander 14\.0\.3 \(MIT\)\n\n\(The MIT License\)/);
  expect(readFileSync(join(installed(), 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
});

test('publint finds nothing wrong with it', async () => {
  expect((await publint({ pkgDir: installed(), strict: true, pack: false })).messages).toEqual([]);
});

test('it runs: version, help, and a command that finds no key', () => {
  expect(postrider('--version')).toBe(`${VERSION}\n`);
  expect(manifest.version).toBe(VERSION);
  expect(postrider('events', '--help')).toContain('Usage: postrider events');
  expect(() => postrider('events', 'list')).toThrow(/No key for/);
});

test('installing it, or this repository, runs nothing of it', () => {
  expect(Object.keys(manifest.scripts).toSorted()).toEqual(['build', 'prepack']);
});

test('what each command loads is at most 60 KiB, compressed', () => {
  const main = readFileSync(join(installed(), 'dist/main.js'));
  const chunks = [...main.toString().matchAll(/(?:^|;)import[^;]*?"\.\/([\w-]+\.js)"/g)].map((match) => match[1] ?? '');
  const all = [main, ...chunks.map((name) => readFileSync(join(installed(), 'dist', name)))];
  expect(gzipSync(Buffer.concat(all)).length).toBeLessThan(60 * 1024);
  expect(statSync(join(installed(), 'bin/postrider.js')).mode & 0o111).not.toBe(0);
});
