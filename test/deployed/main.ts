import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACADES } from '../../lib/api/facades/facades.ts';
import { Refusal, explain } from '../../bin/refusal.ts';
import { endBySignals, runInTerminal } from './cloud/child-process.ts';
import { asEnvironment, startDeployment } from './cloud/deployment.ts';
import { canMakeNamespace, isInNamespace, runInNamespace, setUpNetwork } from './cloud/namespace.ts';
import { layOutPrevious } from './cloud/previous-version.ts';
import { PROJECT } from './cloud/stack.ts';
import { pathWithTools } from './cloud/tools.ts';

const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');
/** The exit code where the tools can't be had: nothing was tested. */
const CANNOT_RUN = 2;
const NO_NETWORK = 'This system gives no network of its own: the public address of receivers stands for loopback.';

const NO_EARLIER_COMMIT =
  'There is no earlier commit here (a shallow clone, or no repository): the upgrade from it is left out.';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** What may have to be fetched comes first: a network of its own does not allow that. Answers the exit code. */
async function prepareAndTest(vitestArgs: readonly string[]): Promise<number> {
  if (isInNamespace()) {
    await setUpNetwork();
    return testDeployed(vitestArgs);
  }
  await pathWithTools();
  await using previous = await layOutPrevious();
  if (!previous) say(NO_EARLIER_COMMIT);
  if (await canMakeNamespace()) return await runInNamespace(previous?.environment);
  say(NO_NETWORK);
  return await testDeployed(vitestArgs, previous?.environment);
}

/** Runs the suites against the stack, which is deployed before and gone after. Answers the exit code. */
async function testDeployed(vitestArgs: readonly string[], environment?: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = performance.now();
  const deployment = await startDeployment({
    receiversOnLoopback: !isInNamespace(),
    // Their routes and rights are tested, too.
    context: { facades: FACADES.join(',') },
    onStep: (step) => say(`${step} …`),
  });
  try {
    const args = [VITEST, 'run', '--config', 'test/deployed/vitest.config.ts', ...vitestArgs];
    const env = { ...process.env, ...environment, ...asEnvironment(deployment) };
    const code = await runInTerminal(process.execPath, args, { cwd: PROJECT, env });
    if (code !== 0) await keepLog(deployment.logFile);
    return code;
  } finally {
    await deployment.stop();
    say(`The deployed stack was tested in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
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
  process.exitCode = await prepareAndTest(process.argv.slice(2));
} catch (error) {
  say(explain(error));
  process.exitCode = error instanceof Refusal ? CANNOT_RUN : 1;
}
