import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runRows, tableOf } from '../../../bin/prove/run-rows.ts';
import { Skip } from '../../../bin/prove/deployment.ts';
import { pass } from '../../../bin/prove/row.ts';
import { Refusal } from '../../../bin/refusal.ts';
import { runScript } from '../run-script.ts';
import { fakeAccount } from './fake-account.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-prove-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A command `aws` that says this, whatever it is asked. */
async function withAws(script: string): Promise<{ PATH: string }> {
  const file = join(folder, 'aws');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { PATH: `${folder}:${process.env['PATH']}` };
}

const STACK = { Stacks: [{ Outputs: [{ OutputKey: 'ApiUrl', OutputValue: 'http://127.0.0.1:1' }] }], Metrics: [] };

test('a row that fails is in the table and the exit code, and stops no other', async () => {
  const path = await withAws(`echo '${JSON.stringify(STACK)}'`);
  const { code, stdout, stderr } = await runScript(
    'prove',
    ['--stack', 'Hooks', '--only', 'own-metrics', 'alarm-tells'],
    path,
  );
  expect(code).toBe(1);
  expect(stdout.split('\n').slice(2)).toEqual([
    expect.stringMatching(/^\| skipped \| An alarm notifies its topic \| pass --changes/),
    '| fail | CloudWatch reads the metrics out of the lines `metrics` | none |',
    '',
    '0 passed, 1 failed, 1 skipped',
    '',
  ]);
  expect(stderr).toContain('fail     own-metrics');
});

test('--json is the same for programs', async () => {
  const path = await withAws(`echo '${JSON.stringify({ ...STACK, Metrics: [{ MetricName: 'EventsAccepted' }] })}'`);
  const { code, stdout } = await runScript('prove', ['--stack', 'Hooks', '--only', 'own-metrics', '--json'], path);
  expect([code, JSON.parse(stdout)]).toEqual([0, [expect.objectContaining({ name: 'own-metrics', result: 'pass' })]]);
});

test.each([
  [['--stack', 'Hooks', '--only', 'nothing'], 'no such row'],
  [['--stack', 'Hooks', '--rate', '0'], 'whole number from 1'],
  [[], '--stack'],
])('%j is refused in one line', async (args, reason) => {
  const { code, stdout, stderr } = await runScript('prove', args, await withAws('exit 1'));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(reason);
});

test('a stack that is not there is one line', async () => {
  const path = await withAws('echo "Stack with id Hooks does not exist" >&2; exit 254');
  const { code, stdout, stderr } = await runScript('prove', ['--stack', 'Hooks'], path);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe('aws cloudformation describe-stacks: Stack with id Hooks does not exist\n');
});

test('what a row throws is its result: a need is a skip, anything else a failure', async () => {
  const { deployment } = fakeAccount('http://127.0.0.1:1');
  const throwing = (error: Error) => ({ name: 'x', claim: 'a | b', prove: () => Promise.reject(error) });
  const proven = await runRows(
    [
      throwing(new Skip('pass --key')),
      throwing(new Refusal('aws: denied')),
      throwing(new TypeError('no')),
      { claim: 'c', why: 'it takes a month' },
      { name: 'y', claim: 'd', prove: async () => pass('seen') },
    ],
    deployment,
  );
  expect(proven.map(({ result, detail }) => `${result}: ${detail}`)).toEqual([
    'skipped: pass --key',
    'fail: aws: denied',
    'fail: no',
    'skipped: by hand: it takes a month',
    'pass: seen',
  ]);
  expect(tableOf(proven)).toContain('| skipped | a \\| b | pass --key |');
  expect(tableOf(proven)).toContain('1 passed, 2 failed, 2 skipped');
});
