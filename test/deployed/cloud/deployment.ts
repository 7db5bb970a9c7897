import { delimiter, join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Listener } from '../../../lib/local/service/listener.ts';
import type { ReceiverPlace } from '../../e2e/backend.ts';
import { PUBLIC_ADDRESS_CERTIFICATE, TEST_KEY } from '../../support/tls-test-certificates.ts';
import { run } from './child-process.ts';
import { ROOT_CREDENTIALS, startEmulator } from './emulator.ts';
import { openDoor } from './recording-proxy.ts';
import { RECEIVER_IP } from './receiver-place.ts';
import { type Surroundings, contextOfSurroundings, createSurroundings } from './surroundings.ts';
import { PROJECT, type StackPlace, aws, bootstrap, deploy, readOutputs, synthesize } from './stack.ts';
import { pathWithTools } from './tools.ts';

/** What the suites need to know of the account and of the stack that is deployed in it; JSON. */
export interface Deployment {
  stack: StackPlace;
  /** `http://host:port`, without a slash at the end. */
  apiUrl: string;
  /** A platform key with all scopes, by `npm run create-key`. */
  apiKey: string;
  outputs: Record<string, string>;
  /** AWS's endpoint, which records. */
  proxyUrl: string;
  workFolder: string;
  logFile: string;
  surroundings: Surroundings;
  receiverPlace: ReceiverPlace;
}

export interface RunningDeployment extends Deployment {
  stop(): Promise<void>;
}

/** Each invocation is a process here, and one process answers them all: so many of an event source at once. */
const MAX_CONCURRENCY = 3;

/** Where the suites find the deployments. */
const VARIABLE = 'POSTRIDER_DEPLOYMENTS';

export const asEnvironment = (deployments: readonly Deployment[]) => ({ [VARIABLE]: JSON.stringify(deployments) });

/** The deployments of this run. @throws Error outside of `npm run test:deployed` */
export function currentDeployments(): Deployment[] {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('There is no deployment: run "npm run test:deployed".');
  return JSON.parse(text) as Deployment[];
}

/** One of them. @throws Error when there is none of this name */
export function currentDeployment(name: StackName = 'Postrider'): Deployment {
  const found = currentDeployments().find(({ stack }) => stack.name === name);
  if (!found) throw new Error(`There is no deployment of the stack ${name} in this run.`);
  return found;
}

/**
 * Each in an account of its own, so that nothing waits for the suites of another: for what holds on every backend, for what
 * looks into queues and kills functions, and for much at once.
 */
export type StackName = 'Postrider' | 'Operated' | 'Loaded';

export interface DeploymentOptions extends Pick<StackPlace, 'context'> {
  name: StackName;
  /** False: the customers' public address is an address of this network. */
  receiversOnLoopback: boolean;
  /** Hears what is done next. */
  onStep: (step: string) => void;
}

/**
 * The emulated account with the stack of this folder in it, by `cdk bootstrap`, `cdk deploy` and `npm run create-key`.
 * @throws Refusal without the tools
 */
export async function startDeployment({
  name,
  receiversOnLoopback,
  context,
  onStep,
}: DeploymentOptions): Promise<RunningDeployment> {
  await using starting = new AsyncDisposableStack();
  const path = [join(PROJECT, 'node_modules', '.bin'), await pathWithTools()].join(delimiter);
  const workFolder = await mkdtemp(join(tmpdir(), 'postrider-deployed-'));
  starting.defer(() => rm(workFolder, { recursive: true, force: true, maxRetries: 5 }));
  onStep('MiniStack starts');
  const emulator = await startEmulator({ path, workFolder, receiversOnLoopback });
  starting.defer(() => emulator.stop());
  const environment = { ...process.env, ...ROOT_CREDENTIALS, PATH: path, AWS_ENDPOINT_URL: emulator.proxy.url };
  const assembly = join(workFolder, 'cdk.out');
  const around = await contextOfSurroundings(workFolder);
  const stack: StackPlace = { name, project: PROJECT, assembly, context: { ...context, ...around }, environment };
  onStep('cdk bootstrap and cdk synth');
  const begun = [
    createSurroundings(emulator.proxy.url),
    bootstrap(stack.environment, workFolder),
    synthesize(stack),
  ] as const;
  // One that still runs when another has failed would write into the folder that is removed then.
  await Promise.allSettled(begun);
  const [surroundings] = await Promise.all(begun);
  onStep('cdk deploy');
  const { door, ...use } = await deployForUse(stack, emulator.proxy.url);
  starting.defer(() => door.close());
  const running = starting.move();
  return {
    ...use,
    stack,
    proxyUrl: emulator.proxy.url,
    workFolder,
    logFile: emulator.logFile,
    surroundings,
    receiverPlace: receiverPlace(receiversOnLoopback),
    stop: () => running.disposeAsync(),
  };
}

function receiverPlace(onLoopback: boolean): ReceiverPlace {
  return {
    listenAt: onLoopback ? '127.0.0.1' : RECEIVER_IP,
    address: RECEIVER_IP,
    tls: { key: TEST_KEY, cert: PUBLIC_ADDRESS_CERTIFICATE },
  };
}

/** Deploys a stack, makes a key in it, and opens a door to its API; close that. */
export async function deployForUse(
  stack: StackPlace,
  proxyUrl: string,
): Promise<Pick<Deployment, 'apiUrl' | 'apiKey' | 'outputs'> & { door: Listener }> {
  await deploy(stack);
  const outputs = await readOutputs(stack);
  const [door, apiKey] = await Promise.all([
    openDoor(proxyUrl, new URL(outputs.ApiUrl ?? '').host),
    createKey(stack),
    limitConcurrency(stack),
  ]);
  return { door, apiUrl: door.url, apiKey, outputs };
}

async function createKey({ name, project, environment }: StackPlace): Promise<string> {
  const args = ['run', '--silent', 'create-key', '--', '--stack', name];
  return (await run('npm', args, { cwd: project, env: environment })).trim();
}

async function limitConcurrency(stack: StackPlace): Promise<void> {
  const all = await aws(stack, 'lambda', 'list-event-source-mappings');
  const { EventSourceMappings } = all as { EventSourceMappings: { UUID: string; FunctionArn: string }[] };
  const ours = EventSourceMappings.filter(({ FunctionArn }) => FunctionArn.includes(`:${stack.name}-`));
  const limit = `MaximumConcurrency=${MAX_CONCURRENCY}`;
  await Promise.all(
    ours.map(({ UUID }) =>
      aws(stack, 'lambda', 'update-event-source-mapping', '--uuid', UUID, '--scaling-config', limit),
    ),
  );
}
