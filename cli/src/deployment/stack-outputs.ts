import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Refusal } from '../errors/refusal.ts';

/**
 * Asks the AWS CLI, which whoever deploys has installed, for outputs of a stack.
 * @param region undefined: the one that the AWS configuration names
 * @param otherwise what to do without an AWS CLI
 * @throws Refusal when the AWS CLI fails, or the stack lacks one of the outputs
 */
export async function readStackOutputs<Name extends string>(
  stack: string,
  region: string | undefined,
  names: readonly Name[],
  otherwise: string,
): Promise<Record<Name, string>> {
  const args = ['cloudformation', 'describe-stacks', '--stack-name', stack, '--query', 'Stacks[0].Outputs'];
  const regionArgs = region === undefined ? [] : ['--region', region];
  const answer = await runAws([...args, '--output', 'json', ...regionArgs], otherwise);
  const list = JSON.parse(answer) as { OutputKey: string; OutputValue: string }[] | null;
  const values = names.map((name) => {
    const value = list?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value === undefined) throw new Refusal(`The stack ${stack} has no output ${name}: is it a Postrider stack?`);
    return [name, value] as const;
  });
  return Object.fromEntries(values) as Record<Name, string>;
}

async function runAws(args: readonly string[], otherwise: string): Promise<string> {
  try {
    return (await promisify(execFile)('aws', args)).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code !== 'ENOENT') throw new Refusal(`The AWS CLI failed: ${(stderr ?? String(error)).trim()}`);
    throw new Refusal(`The AWS CLI, which reads the stack's outputs, is not installed: ${otherwise}`);
  }
}
