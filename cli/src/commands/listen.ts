import { InvalidArgumentError } from 'commander';
import { collected } from '../api/values.ts';
import { type AddCommands, clientOf, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { Listener, type ListenFlags } from '../listen/listener.ts';
import { deleteEndpoint, makeEndpoint } from '../listen/own-endpoint.ts';
import { mappingOf, targetOf } from '../listen/targets.ts';
import type { Context } from '../context.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';

const HOW = `
  postrider listen --forward-to localhost:3000/hooks
  postrider listen --events 'task.*' --map task.completed=localhost:3000/done
  postrider listen                              # only shows what comes

It asks for deliveries, so nothing has to reach this machine. Retries, replays
and tests come too. At a terminal: r sends the last one again, d shows it whole,
q ends.`;

const DEFAULT_TIMEOUT = 30;
const DEFAULT_PATIENCE = 60;

export const addListen: AddCommands = (program, contextFor) => {
  const command = program
    .command('listen')
    .description('Forwards events to a receiver on this machine, as they happen.')
    .helpGroup('Every day:')
    .option('-f, --forward-to <url>', 'where they go', targetOf)
    .option('-e, --events <types>', 'which; default: all', collected)
    .option('--map <type=url>', 'where events of this type go instead; can be repeated', mappingOf)
    .option('--secret <whsec>', 'sign with this, which the receiver knows; default: POSTRIDER_SECRET, or a new one')
    .option('--print-secret', 'show what the requests are signed with')
    .option('--dialect <name>', 'how requests look and are signed; default: the deployment’s')
    .option('--endpoint <id>', 'listen to this endpoint of kind poll, from where its consumer has come to')
    .option('--consumer <name>', 'with --endpoint: who listens', 'listen')
    .option('--timeout <seconds>', 'how long the receiver may take', seconds, DEFAULT_TIMEOUT)
    .option('--patience <seconds>', 'end after the service could not be reached for so long', seconds, DEFAULT_PATIENCE)
    .addHelpText('after', HOW)
    .action(() => listen(contextFor(command), command.opts<ListenFlags>()));
};

async function listen(context: Context, flags: ListenFlags): Promise<void> {
  const client = clientOf(context);
  const { endpoint: id, consumer } = flags;
  if (id === undefined) return listenForItself(context, client, flags);
  const ofNew = {
    events: flags.events,
    secret: flags.secret,
    dialect: flags.dialect,
    'print-secret': flags.printSecret,
  };
  const wrong = Object.entries(ofNew).find(([, value]) => value !== undefined);
  if (wrong) throw new Refusal(`--${wrong[0]} is for a new endpoint; ${id} has its own.`);
  return new Listener(context, client, flags, { endpointId: id, consumer, from: 'now' }).run();
}

/** On an endpoint that is there as long as it listens. */
async function listenForItself(context: Context, client: Postrider, flags: ListenFlags): Promise<void> {
  const { events = ['*'], dialect, printSecret } = flags;
  const secret = flags.secret ?? collected(context.terminal.env['POSTRIDER_SECRET'] ?? '')[0];
  const wanted = { events, ...(dialect !== undefined && { dialect }), ...(secret && { signing_secret: secret }) };
  const { id: endpointId, signing_secret } = await makeEndpoint(client, wanted, context.terminal);
  if (secret !== undefined && flags.secret === undefined) note(context, 'Signed with the secret in POSTRIDER_SECRET.');
  if (printSecret) note(context, `Signed with ${signing_secret}`);
  try {
    await new Listener(context, client, flags, { endpointId, consumer: 'listen', from: 'oldest' }).run();
  } finally {
    if (!(await deleteEndpoint(client, endpointId)))
      note(context, `The endpoint ${endpointId} is still there: postrider endpoints delete ${endpointId}`);
  }
}

function seconds(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a number of seconds.');
}
