import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCount } from './read-count.ts';

const MAIN = fileURLToPath(import.meta.resolve('./main.ts'));
const simulate = (...flags: string[]) => spawnSync(process.execPath, [MAIN, ...flags], { encoding: 'utf8' });

test.each(['abc', '', '0', '-1', '1.5', '1e3', '9'.repeat(16)])('"%s" is no whole number from 1', (text) => {
  expect(() => readCount(text)).toThrow('It must be a whole number from 1.');
});

test.each(['--seeds', '--seed', '--from', '--failures', '--trace'])('%s must be a whole number from 1', (flag) => {
  const { status, stdout, stderr } = simulate(`${flag}=0`);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('must be a whole number from 1');
});

test('says how many seeds it has played', () => {
  const { status, stdout } = simulate('--seeds', '3', '--from', '5');
  expect(stdout).toContain('3 seeds from 5: 0 violations');
  expect(status).toBe(0);
});
