import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PhysicalIds, Template } from '../calls/template-rights.ts';
import { run } from './child-process.ts';
import { plantFault } from './plants.ts';

export const PROJECT = resolve(import.meta.dirname, '../../..');

/** A stack that `cdk` and `aws` work on, in the account of the environment. */
export interface StackPlace {
  name: string;
  /** Where the version that is deployed stands. */
  project: string;
  /** Of the outputs of `cdk synth`; one for each version. */
  assembly: string;
  /** Of `cdk synth`, as docs/deploy.md has it, beside the stack's name. */
  context: Readonly<Record<string, string>>;
  /** With AWS's endpoint and credentials, and a PATH with the commands. */
  environment: NodeJS.ProcessEnv;
}

export async function bootstrap(environment: NodeJS.ProcessEnv, workFolder: string): Promise<void> {
  // In a folder without a cdk.json it does not synthesize the app first.
  await run('cdk', ['bootstrap', 'aws://000000000000/us-east-1'], { cwd: workFolder, env: environment });
}

/** `cdk synth` into the place's assembly. */
export async function synthesize(place: StackPlace): Promise<void> {
  const { name, project, assembly, context, environment } = place;
  const given = Object.entries({ ...context, stackName: name }).flatMap(([key, value]) => [
    '--context',
    `${key}=${value}`,
  ]);
  await run('cdk', ['synth', '--quiet', '--output', assembly, ...given], { cwd: project, env: environment });
  // Not in what the commit before has.
  if (project === PROJECT) await plantFault(name, templateFile(place));
}

/** `cdk deploy` of what was synthesized. Answers what it printed. */
export function deploy(place: StackPlace): Promise<string> {
  return cdk(place, 'deploy', '--require-approval', 'never');
}

/** Succeeds when the deployed stack is as synthesized. @throws Error with the differences */
export function diff(place: StackPlace): Promise<string> {
  return cdk(place, 'diff', '--fail');
}

export function destroy(place: StackPlace): Promise<string> {
  return cdk(place, 'destroy', '--force');
}

function cdk({ assembly, environment, project }: StackPlace, command: string, ...options: string[]): Promise<string> {
  return run('cdk', [command, '--app', assembly, ...options], { cwd: project, env: { ...environment, CI: 'true' } });
}

export async function readTemplate(place: StackPlace): Promise<Template> {
  return JSON.parse(await readFile(templateFile(place), 'utf8')) as Template;
}

const templateFile = ({ assembly, name }: StackPlace) => join(assembly, `${name}.template.json`);

export async function readPhysicalIds(place: StackPlace): Promise<PhysicalIds> {
  const query = 'StackResources[].[LogicalResourceId,PhysicalResourceId]';
  return Object.fromEntries((await describe(place, 'describe-stack-resources', query)) as [string, string][]);
}

export async function readOutputs(place: StackPlace): Promise<Record<string, string>> {
  const query = 'Stacks[0].Outputs[].[OutputKey,OutputValue]';
  return Object.fromEntries((await describe(place, 'describe-stacks', query)) as [string, string][]);
}

async function describe({ name, environment }: StackPlace, command: string, query: string): Promise<unknown> {
  const args = ['cloudformation', command, '--stack-name', name, '--query', query, '--output', 'json'];
  return JSON.parse(await run('aws', args, { env: environment }));
}

/** `aws …` in the account, its answer parsed; undefined where it answers nothing. */
export async function aws({ environment }: Pick<StackPlace, 'environment'>, ...args: string[]): Promise<unknown> {
  const text = await run('aws', [...args, '--output', 'json'], { env: environment });
  return text.trim() === '' ? undefined : JSON.parse(text);
}
