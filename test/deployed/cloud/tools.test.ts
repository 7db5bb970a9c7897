import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pathWithTools } from './tools.ts';

/** Makes an environment, and "installs" into it slowly; notes each time. */
const PYTHON = `#!/bin/sh
echo "$2" >> "$POSTRIDER_TEST_NOTES"
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; else sleep 0.5; fi
`;

let folder: string;
const before = { ...process.env };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-tools-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'python3'), PYTHON);
  await chmod(join(folder, 'bin', 'python3'), 0o755);
  const PATH = [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);
  Object.assign(process.env, { PATH, XDG_CACHE_HOME: folder, POSTRIDER_TEST_NOTES: join(folder, 'notes') });
});
afterEach(async () => {
  for (const name of ['PATH', 'XDG_CACHE_HOME', 'POSTRIDER_TEST_NOTES']) delete process.env[name];
  Object.assign(process.env, before);
  await rm(folder, { recursive: true });
});

test('two runs that begin side by side install the tools once, and neither begins before they are there', async () => {
  const [first, second] = await Promise.all([pathWithTools(), pathWithTools()]);
  expect(first).toBe(second);
  expect(await readFile(join(folder, 'notes'), 'utf8')).toBe('venv\npip\n');
  expect(await pathWithTools()).toBe(first);
});

test('a cache folder that can’t be written to is said in a line, with what to install', async () => {
  process.env.XDG_CACHE_HOME = join(folder, 'bin', 'python3');
  await expect(pathWithTools()).rejects.toThrow(/^The deployed stack needs MiniStack.* \(ENOTDIR[^\n]*\)\.$/);
});
