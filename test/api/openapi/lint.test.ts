import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openApi } from '../../../lib/api/openapi/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'postrider-openapi-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Redocly finds; its strict rule set, in which a warning is an error. */
function problemsOf(document: object): { ruleId: string }[] {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const cli = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
  const args = [cli, 'lint', file, '--extends', 'recommended-strict', '--format', 'json'];
  try {
    return parse(execFileSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }));
  } catch (error) {
    return parse((error as { stdout: string }).stdout);
  }
}

function parse(report: string): { ruleId: string }[] {
  return (JSON.parse(report) as { problems: { ruleId: string }[] }).problems;
}

it('has no error and no warning by Redocly’s strict rules', { timeout: 60_000 }, () => {
  expect(problemsOf(openApi())).toEqual([]);
});

it('would be told of a reference to nothing', { timeout: 60_000 }, () => {
  const document = openApi();
  const { Failure: _, ...responses } = document.components.responses;
  const rules = problemsOf({ ...document, components: { ...document.components, responses } }).map(
    ({ ruleId }) => ruleId,
  );
  expect(new Set(rules)).toEqual(new Set(['no-unresolved-refs']));
});
