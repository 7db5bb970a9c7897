import { execFile } from 'node:child_process';

export interface ScriptResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a file of `bin/` as a process of its own, as npm does, to its end. */
export function runScript(
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<ScriptResult> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [`bin/${name}.ts`, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}
