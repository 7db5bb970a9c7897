import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What Redocly finds in an OpenAPI document.
 * @param rules `recommended-strict`, in which a warning is an error, or only the rules of the specification
 */
export function problemsOf(document: object, rules: 'recommended-strict' | 'spec'): { ruleId: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-openapi-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const cli = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
  const args = [cli, 'lint', file, '--extends', rules, '--format', 'json'];
  try {
    return parse(execFileSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }));
  } catch (error) {
    return parse((error as { stdout: string }).stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(report: string): { ruleId: string }[] {
  return (JSON.parse(report) as { problems: { ruleId: string }[] }).problems;
}
