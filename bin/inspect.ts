import './check-node.js';
import { Argument, Command } from 'commander';
import { type AccessFlags, createCall, withAccess } from './api-access.ts';
import { ABOUT_ALL, ABOUT_ONE } from './inspect/questions.ts';
import { Refusal, explain } from './refusal.ts';

interface Flags extends AccessFlags {
  json?: true;
}

async function inspect(what: string, id: string | undefined, flags: Flags): Promise<void> {
  const about = ABOUT_ONE[what];
  if (about && id === undefined) throw new Refusal(`Say which ${what}: npm run inspect -- ${what} <id>.`);
  if (!about && id !== undefined) throw new Refusal(`${what} takes no id: leave it off.`);
  const question = about ?? ABOUT_ALL[what];
  // commander lets no other word through.
  if (!question) return;
  const { json, text } = await question(createCall(flags), id ?? '');
  process.stdout.write(`${flags.json ? JSON.stringify(json, undefined, 2) : text}\n`);
}

const program = withAccess(new Command('inspect'))
  .description('Answers what somebody asks at night, by the API of a local or a deployed service.')
  .addArgument(
    new Argument('<what>', 'what to look at').choices([...Object.keys(ABOUT_ONE), ...Object.keys(ABOUT_ALL)]),
  )
  .argument('[id]', 'of the delivery, the event or the endpoint')
  .option('--json', 'the answers of the API, for programs')
  .allowExcessArguments(false)
  .action(inspect);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
