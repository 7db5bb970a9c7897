import './check-node.js';
import { Command, InvalidArgumentError } from 'commander';
import { Deployment, type ProveFlags } from './prove/deployment.ts';
import { thisMachine } from './prove/machine.ts';
import { type Proven, runRows, tableOf } from './prove/run-rows.ts';
import { ROWS } from './prove/table.ts';
import { Refusal, explain } from './refusal.ts';

interface Flags extends ProveFlags {
  only?: string[];
  json?: true;
}

async function prove({ only, json, ...flags }: Flags): Promise<void> {
  const names = ROWS.flatMap((row) => ('name' in row ? [row.name] : []));
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Refusal(`--only ${unknown}: no such row. There are ${names.join(', ')}.`);
  const rows = only ? ROWS.filter((row) => 'name' in row && only.includes(row.name)) : ROWS;
  const deployment = new Deployment(flags, thisMachine);
  // A stack that is not there is one line, not a table of failures.
  await deployment.output('ApiUrl');
  const proven = await runRows(rows, deployment, say);
  process.stdout.write(json ? `${JSON.stringify(proven, undefined, 2)}\n` : tableOf(proven));
  if (proven.some(({ result }) => result === 'fail')) process.exitCode = 1;
}

function say({ name, result, detail, seconds }: Proven): void {
  if (name !== undefined) process.stderr.write(`${result.padEnd(8)} ${name} (${seconds} s): ${detail}\n`);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

const program = new Command('prove')
  .description('Shows on an account what docs/unproven.md lists, and prints a table to keep.')
  .requiredOption('--stack <name>', 'the deployment of this stack')
  .option('--region <region>', 'region of the stack; default: your AWS configuration’s')
  .option('--api <url>', 'where the API is reached, if not at the stack’s output ApiUrl')
  .option('--console <url>', 'where the console is reached, if not at the stack’s output ConsoleUrl')
  .option('--key <key>', 'a platform key with every scope: prk_…; without it, rows that need one are skipped')
  .option('--receiver-url <url>', 'receiver of a webhook: a public https URL that responds 2xx')
  .option('--rate <posts>', 'posts a second of the row load', wholeNumber, 50)
  .option('--seconds <seconds>', 'how long the row load posts', wholeNumber, 20)
  .option('--changes', 'allow rows that change settings for a moment, and raise an alarm')
  .option('--scan', 'allow the row that reads the whole log table')
  .option('--context <name=value...>', 'for "cdk diff": what was given to "cdk deploy" by -c')
  .option('--only <rows...>', 'only these rows, by their names')
  .option('--json', 'print the results as JSON')
  .allowExcessArguments(false)
  .action(prove);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
