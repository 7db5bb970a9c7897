import type { Endpoint, Event } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { collected, timeOf } from '../api/values.ts';
import { type AddCommands, type Context, clientOf, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { writeRows } from '../output/write.ts';
import { writeJob } from './jobs.ts';
import { replayTest } from './replay-test.ts';

interface Flags {
  since?: string;
  until?: string;
  type?: string[];
  to?: string[];
  dryRun?: true;
  wait?: true;
  mfaCode?: string;
}

const HOW = `
  postrider replay ep_01… --since 24h --dry-run   # counts, and sends nothing
  postrider replay ep_01… --since 24h --wait
  postrider replay evt_01… --to ep_01…,ep_02…`;

export const addReplay: AddCommands = (program, contextFor) => {
  const command = program
    .command('replay')
    .description('Sends an endpoint the events of a time again, or one event to its endpoints.')
    .helpGroup('Every day:')
    .argument('<id>', 'of an endpoint or of an event')
    .option('--since <time>', 'of an endpoint: events since then; a time, or how long ago (24h)')
    .option('--until <time>', 'of an endpoint: events before then; default: now')
    .option('--type <types>', 'of an endpoint: these types; default: what it subscribes to now', collected)
    .option('--to <endpoints>', 'of an event: these endpoints; default: those that match it now', collected)
    .option('--dry-run', 'of an endpoint: count what would be sent, and send nothing')
    .option('--wait', 'wait until all have been sent on their way')
    .option('--mfa-code <code>', 'a code of the second factor')
    .addHelpText('after', HOW)
    .action((id: string, flags: Flags) => {
      const context = contextFor(command);
      return id.startsWith('evt_') ? replayEvent(context, id, flags) : replayEndpoint(context, id, flags);
    });
};

async function replayEvent(context: Context, id: string, { to, wait, mfaCode, ...others }: Flags): Promise<void> {
  const ofEndpoints = { since: others.since, until: others.until, type: others.type, 'dry-run': others.dryRun };
  const wrong = Object.entries(ofEndpoints).find(([, value]) => value !== undefined);
  if (wrong) throw new Refusal(`--${wrong[0]} is for an endpoint; ${id} is one event.`);
  const client = clientOf(context);
  const { signal } = context.terminal;
  const job = await client.events.replay(id, to ? { endpoint_ids: to } : {}, { signal, mfaCode });
  await writeJob(context, client, job, wait === true);
}

async function replayEndpoint(context: Context, id: string, flags: Flags): Promise<void> {
  const { since, until, type, to, dryRun, wait, mfaCode } = flags;
  if (to) throw new Refusal(`--to is for an event; ${id} is an endpoint.`);
  if (since === undefined) throw new Refusal('Say from when on: --since 24h, or a time.');
  const { now, signal } = context.terminal;
  const range = { since: timeOf(since, now()), ...(until !== undefined && { until: timeOf(until, now()) }) };
  const client = clientOf(context);
  if (dryRun) return count(context, client, await client.endpoints.get(id, { signal }), range, type);
  const what = { ...range, ...(type && { event_types: type }) };
  const job = await client.endpoints.replay(id, what, { signal, mfaCode });
  return writeJob(context, client, job, wait === true);
}

/** What a replay would send now. Newer events may come in before it is started. */
async function count(
  context: Context,
  client: Postrider,
  endpoint: Endpoint,
  range: { since: string; until?: string },
  types: readonly string[] | undefined,
): Promise<void> {
  const { signal } = context.terminal;
  const isMeant = await replayTest(client, endpoint, types, signal);
  const counts = new Map<string, number>();
  const add = ({ type }: Event) => counts.set(type, (counts.get(type) ?? 0) + 1);
  for await (const event of client.events.list({ ...range, limit: 200 }, { signal })) if (isMeant(event)) add(event);
  const rows = [...counts].toSorted().map(([type, events]) => ({ type, events }));
  await writeRows(context, rows, [{ path: 'type' }, { path: 'events' }], 'No events would be sent.');
  const total = rows.reduce((sum, { events }) => sum + events, 0);
  if (total > 0) note(context, `${total} would be sent to ${endpoint.id}. Nothing was sent.`);
}
