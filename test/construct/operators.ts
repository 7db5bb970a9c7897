import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { ScriptResult } from '../bin/run-script.ts';

/** Runs a command of the installed package, as npx does. */
export function runCommand(
  installed: string,
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<ScriptResult> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(installed, `dist/bin/${name}.mjs`), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}
