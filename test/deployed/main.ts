import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACADES } from '../../lib/api/facades/facades.ts';
import { Refusal, explain } from '../../bin/refusal.ts';
import { endBySignals, endWithParent, runInTerminal } from './cloud/child-process.ts';
import { type RunningDeployment, type StackName, asEnvironment, startDeployment } from './cloud/deployment.ts';
import { canMakeNamespace, isInNamespace, runInNamespace, setUpNetwork } from './cloud/namespace.ts';
import { layOutPrevious } from './cloud/previous-version.ts';
import { PROJECT } from './cloud/stack.ts';
import { pathWithTools } from './cloud/tools.ts';
import { SHORT_ENVIRONMENT, isShort, stackEnvironment } from './extent.ts';

/** A share of the suites: without the upgrade, among others. */
const SHORT = '--short';
/** `--stack=Operated`: starts that one alone, and takes the suites that are about it. */
const STACK = '--stack=';
const STACKS: readonly StackName[] = ['Postrider', 'Operated', 'Loaded'];
const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');
/** The exit code where the tools can't be had: nothing was tested. */
const CANNOT_RUN = 2;
const NO_NETWORK = 'This system gives no network of its own: the public address of receivers stands for loopback.';

const NO_EARLIER_COMMIT =
  'There is no earlier commit here (a shallow clone, or no repository): the upgrade from it is left out.';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** What may have to be fetched comes first: a network of its own does not allow that. Answers the exit code. */
async function prepareAndTest(args: readonly string[]): Promise<number> {
  const stacks = chosenStacks(args);
  const vitestArgs = args.filter((one) => one !== SHORT && !one.startsWith(STACK));
  if (args.includes(SHORT)) Object.assign(process.env, SHORT_ENVIRONMENT);
  else if (stacks.length === 1) Object.assign(process.env, stackEnvironment(stacks[0] ?? ''));
  if (isInNamespace()) {
    endWithParent();
    await setUpNetwork();
    return testDeployed(stacks, vitestArgs);
  }
  await pathWithTools();
  await using previous = isShort() ? undefined : await layOutPrevious();
  if (!previous && !isShort()) say(NO_EARLIER_COMMIT);
  if (await canMakeNamespace()) return await runInNamespace(previous?.environment);
  say(NO_NETWORK);
  return await testDeployed(stacks, vitestArgs, previous?.environment);
}

/** @throws Refusal for a name that none has */
function chosenStacks(args: readonly string[]): readonly StackName[] {
  if (args.includes(SHORT)) return ['Postrider'];
  const name = args.find((one) => one.startsWith(STACK))?.slice(STACK.length);
  if (name === undefined) return STACKS;
  const found = STACKS.find((one) => one === name);
  if (!found) throw new Refusal(`${STACK}${name}: it must be one of ${STACKS.join(', ')}.`);
  return [found];
}

/** Runs the suites against the stacks, which are deployed before and gone after. Answers the exit code. */
async function testDeployed(
  stacks: readonly StackName[],
  vitestArgs: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<number> {
  const startedAt = performance.now();
  const deployments = await startAll(stacks);
  try {
    const args = [VITEST, 'run', '--config', 'test/deployed/vitest.config.ts', ...vitestArgs];
    const env = { ...process.env, ...environment, ...asEnvironment(deployments) };
    const code = await runInTerminal(process.execPath, args, { cwd: PROJECT, env });
    if (code !== 0) await keepLogs(deployments);
    return code;
  } finally {
    await stopAll(deployments);
    say(`The deployed stack was tested in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  }
}

async function startAll(names: readonly StackName[]): Promise<RunningDeployment[]> {
  const started = await Promise.allSettled(
    names.map((name) =>
      startDeployment({
        name,
        receiversOnLoopback: !isInNamespace(),
        // Their routes and rights are tested, too.
        context: { facades: FACADES.join(',') },
        onStep: (step) => say(`${name}: ${step} …`),
      }),
    ),
  );
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (!failed) return running;
  await stopAll(running);
  throw failed.reason;
}

async function stopAll(deployments: readonly RunningDeployment[]): Promise<void> {
  await Promise.all(deployments.map((one) => one.stop()));
}

/** Everything else of the run goes with it. */
async function keepLogs(deployments: readonly RunningDeployment[]): Promise<void> {
  for (const { stack, logFile } of deployments) {
    const kept = join(tmpdir(), `postrider-deployed-${stack.name}.log`);
    await copyFile(logFile, kept);
    say(`The lines of the emulator and of the functions of ${stack.name} are in ${kept}.`);
  }
}

endBySignals();
try {
  process.exitCode = await prepareAndTest(process.argv.slice(2));
} catch (error) {
  // One line: what led to a refusal is in its words.
  say(error instanceof Refusal ? error.message : explain(error));
  process.exitCode = error instanceof Refusal ? CANNOT_RUN : 1;
}
