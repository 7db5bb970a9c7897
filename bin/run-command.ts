import { run } from '../cli/src/run.ts';
import { processTerminal } from '../cli/src/terminal/terminal.ts';

/** Runs a command of the command line as an npm script: it ends with 1 whatever went wrong, and says only what. */
export async function runCommand(name: string): Promise<void> {
  const code = await run([name, ...process.argv.slice(2)], processTerminal(), '');
  process.exitCode = code === 0 ? 0 : 1;
}
