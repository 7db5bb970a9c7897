import type { EventType } from '../../../sdk/src/api-types.ts';
import { type AddCommands, type Context, clientOf, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { escaped } from '../output/json.ts';

const HOW = `
  postrider types > events.d.ts

  import type { Events } from './events.d.ts';
  // A wrong type or wrong data does not compile.
  const postrider = new Postrider<Events>({ … });`;

export const addTypes: AddCommands = (program, contextFor) => {
  const command = program
    .command('types')
    .description('Prints TypeScript types of the data of each event type in the catalogue, for the SDK.')
    .helpGroup('Every day:')
    .option('--platform', 'of the platform’s catalogue, which all tenants share; for platform keys')
    .addHelpText('after', HOW)
    .action((flags: { platform?: true }) => print(contextFor(command), flags.platform === true));
};

async function print(context: Context, platform: boolean): Promise<void> {
  const { stdout, signal } = context.terminal;
  const types: EventType[] = [];
  const query = { limit: 200, ...(platform && { platform }) };
  for await (const type of clientOf(context).eventTypes.list(query, { signal })) types.push(type);
  if (types.length === 0) {
    throw new Refusal(
      'The catalogue has no event types: add them by "postrider event-types create", or pass --platform.',
    );
  }
  // With a library of some size, which no other command needs.
  const { typesOf } = await import('./catalogue-types.ts');
  stdout.write(escaped(await typesOf(types)));
  const without = types.filter(({ schema }) => schema === null).length;
  if (without > 0) note(context, `${without} of ${types.length} types have no schema: their data is unknown.`);
}
