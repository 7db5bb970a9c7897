import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeStaleMutants } from './stale-mutants.ts';

const DAY_MS = 24 * 3_600_000;

test('folders of runs that were killed are removed, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-stale-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  const mine = `postrider-mutant-${process.pid}-a`;
  const others = [`other-mutant-${ended}-a`, `postrider-tests-${ended}-a`];
  for (const name of [`postrider-mutant-${ended}-a`, 'postrider-mutant-abc', mine, ...others]) {
    mkdirSync(join(folder, name, 'lib'), { recursive: true });
  }
  removeStaleMutants(folder, Date.now());
  expect(readdirSync(folder).toSorted()).toEqual(['postrider-mutant-abc', mine, ...others].toSorted());
  removeStaleMutants(folder, Date.now() + DAY_MS + 60_000);
  expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
});
