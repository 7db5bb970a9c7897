import { Argument } from 'commander';
import { aliased, withAliases } from '../access/aliases.ts';
import { type AddCommands, type Context, clientOf } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { ABOUT_ALL, ABOUT_ONE } from '../inspect/questions.ts';
import { json as jsonText } from '../output/json.ts';

interface Flags {
  json?: true;
}

export const addInspect: AddCommands = (program, contextFor) => {
  const choices = [...Object.keys(ABOUT_ONE), ...Object.keys(ABOUT_ALL)];
  const command = withAliases(program.command('inspect'))
    .description('Answers what somebody asks at night, in one screen.')
    .helpGroup('Every day:')
    .addArgument(new Argument('<what>', 'what to look at').choices(choices))
    .argument('[id]', 'of the delivery, the event or the endpoint')
    .option('--json', 'the same as --output json')
    .action((what: string, id: string | undefined, flags: Flags) =>
      inspect(aliased(contextFor(command), command), what, id, flags),
    );
};

async function inspect(context: Context, what: string, id: string | undefined, { json }: Flags): Promise<void> {
  const about = ABOUT_ONE[what];
  if (about && id === undefined) throw new Refusal(`Say which ${what}: postrider inspect ${what} <id>.`);
  if (!about && id !== undefined) throw new Refusal(`${what} takes no id: leave it off.`);
  const question = about ?? ABOUT_ALL[what];
  // commander lets no other word through.
  if (!question) return;
  const { terminal, flags } = context;
  const { signal } = terminal;
  const answer = await question({ ofTenant: clientOf(context), ofAll: clientOf(context, false), signal }, id ?? '');
  const isJson = json === true || flags.output === 'json';
  if (flags.output === 'quiet') return;
  if (flags.output === 'jsonl') terminal.stdout.write(`${jsonText(answer.json)}\n`);
  else terminal.stdout.write(`${isJson ? jsonText(answer.json, 2) : answer.text}\n`);
}
