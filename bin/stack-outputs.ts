import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Refusal } from './refusal.ts';

/**
 * Asks the AWS command line, which who deploys has at hand, for outputs of a stack.
 * @param region undefined: the one that the AWS configuration names
 * @param otherwise what to do where there is no AWS command line
 * @throws Refusal when it can't be asked, or one of the outputs is not there
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
    if (code !== 'ENOENT') throw new Refusal(`The AWS command line failed: ${(stderr ?? String(error)).trim()}`);
    throw new Refusal(`There is no AWS command line here to ask for the stack's outputs: ${otherwise}`);
  }
}
