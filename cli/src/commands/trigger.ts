import { isApiError } from '../../../sdk/src/errors.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { jsonText } from '../api/values.ts';
import { type AddCommands, type Context, clientOf } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { writeOne } from '../output/write.ts';
import { type Change, changeOf, changed } from '../trigger/changes.ts';

interface Flags {
  data?: string;
  set?: Change[];
  project?: string;
  externalId?: string;
}

const HOW = `
  postrider trigger task.completed             # the example of the catalogue
  postrider trigger task.completed --set task.id=TASK-7 --set score=0.5
  postrider trigger task.completed --data @task.json`;

export const addTrigger: AddCommands = (program, contextFor) => {
  const command = program
    .command('trigger')
    .description('Posts an event of a type, with the example of the catalogue as its data.')
    .helpGroup('Every day:')
    .argument('<type>', 'the event type')
    .option('--data <json>', 'instead of the example; JSON, @file, or - for stdin')
    .option('--set <path=value>', 'change the data: a.b=1, items.0.name=x; can be repeated', changeOf)
    .option('--project <id>', 'the project that it belongs to')
    .option('--external-id <id>', 'how your platform names it')
    .addHelpText('after', HOW)
    .action((type: string, flags: Flags) => trigger(contextFor(command), type, flags));
};

async function trigger(context: Context, type: string, flags: Flags): Promise<void> {
  const { data: given, set = [], project, externalId } = flags;
  const client = clientOf(context);
  const { terminal } = context;
  const text = given === undefined ? undefined : await jsonText('data', given, terminal);
  const base: unknown = text === undefined ? await exampleOf(client, type, terminal.signal) : JSON.parse(text);
  if (base === undefined && set.length === 0) {
    throw new Refusal(`The catalogue has no example of ${type}: pass --data or --set.`);
  }
  const data = set.reduce<unknown>((before, change) => changed(before, change), base ?? {});
  const more = {
    ...(project !== undefined && { project_id: project }),
    ...(externalId !== undefined && { external_id: externalId }),
  };
  writeOne(context, await client.events.post({ type, data, ...more }, { signal: terminal.signal }));
}

/** Undefined: the catalogue does not know the type, or has no example of it. */
async function exampleOf(client: Postrider, type: string, signal: AbortSignal): Promise<unknown> {
  try {
    return (await client.eventTypes.get(type, { signal })).example ?? undefined;
  } catch (error) {
    if (isApiError(error, 'not-found')) return undefined;
    throw error;
  }
}
