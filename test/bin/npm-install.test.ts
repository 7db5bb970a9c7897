import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../support/source-files.ts';

/** Any Node that npm runs on is too old for this. */
const DEMANDING = { name: 'demanding', version: '1.0.0', engines: { node: '>=999' } };

test('npm is silent about packages that ask for a newer Node than it runs on', async () => {
  const project = await mkdtemp(join(tmpdir(), 'postrider-npm-'));
  try {
    await writeFile(join(project, 'package.json'), JSON.stringify(DEMANDING));
    expect(await install(project)).toContain('EBADENGINE');
    await copyFile(join(ROOT, '.npmrc'), join(project, '.npmrc'));
    expect(await install(project)).toBe('');
  } finally {
    await rm(project, { recursive: true });
  }
});

/** Answers the warnings; those of the settings of whoever runs the tests are none. */
async function install(cwd: string): Promise<string> {
  const others = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name));
  const env = { ...Object.fromEntries(others), npm_config_userconfig: join(cwd, 'none') };
  const { stderr } = await promisify(execFile)('npm', ['install', '--dry-run', '--offline'], { cwd, env });
  return stderr;
}
