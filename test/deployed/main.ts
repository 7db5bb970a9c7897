import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal, explain } from '../../bin/refusal.ts';
import { endBySignals, runInTerminal } from './cloud/child-process.ts';
import { asEnvironment, startDeployment } from './cloud/deployment.ts';
import { canMakeNamespace, isInNamespace, runInNamespace, setUpNetwork } from './cloud/namespace.ts';
import { PROJECT } from './cloud/stack.ts';
import { pathWithTools } from './cloud/tools.ts';

const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');
/** The exit code where the tools can't be had: nothing was tested. */
const CANNOT_RUN = 2;
const NO_NETWORK = 'This system gives no network of its own: the public address of receivers stands for loopback.';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Runs the suites against the stack, which is deployed before and gone after. Answers the exit code. */
async function testDeployed(vitestArgs: readonly string[]): Promise<number> {
  if (isInNamespace()) await setUpNetwork();
  else {
    // What is missing may have to be fetched, which a network of its own does not allow.
    await pathWithTools();
    if (await canMakeNamespace()) return runInNamespace();
    say(NO_NETWORK);
  }
  const deployment = await startDeployment(!isInNamespace(), (step) => say(`${step} …`));
  try {
    const args = [VITEST, 'run', '--config', 'test/deployed/vitest.config.ts', ...vitestArgs];
    const env = { ...process.env, ...asEnvironment(deployment) };
    const code = await runInTerminal(process.execPath, args, { cwd: PROJECT, env });
    if (code !== 0) await keepLog(deployment.logFile);
    return code;
  } finally {
    await deployment.stop();
  }
}

/** Everything else of the run goes with it. */
async function keepLog(logFile: string): Promise<void> {
  const kept = join(tmpdir(), 'postrider-deployed.log');
  await copyFile(logFile, kept);
  say(`The lines of the emulator and of the functions are in ${kept}.`);
}

endBySignals();
try {
  process.exitCode = await testDeployed(process.argv.slice(2));
} catch (error) {
  say(explain(error));
  process.exitCode = error instanceof Refusal ? CANNOT_RUN : 1;
}
