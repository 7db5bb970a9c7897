import type { Delivery } from '../../../sdk/src/api-types.ts';
import { timeOf } from '../api/values.ts';
import { type AddCommands, type Context, clientOf, note } from '../context.ts';
import { explained } from '../errors/explain.ts';
import { clockTime } from '../listen/lines.ts';
import { clean, cut, padded } from '../output/cells.ts';
import { json as jsonText } from '../output/json.ts';
import { type Filters, changesOf } from '../tail/changes-of.ts';
import { type Style, statusText } from '../terminal/style.ts';

interface Flags {
  endpoint?: string;
  eventType?: string;
  status?: Filters['status'];
  since?: string;
  json?: true;
}

const PATIENCE_MS = 60_000;
const STATUS_WIDTH = 9;
const TYPE_WIDTH = 22;
const NARROW = 80;

const HOW = `
  postrider tail --status exhausted
  postrider tail --endpoint ep_01… --since 10m -o jsonl`;

export const addTail: AddCommands = (program, contextFor) => {
  const command = program
    .command('tail')
    .description('Shows deliveries as they happen: each new one, and each change.')
    .helpGroup('Every day:')
    .option('--endpoint <id>', 'only to this endpoint')
    .option('--event-type <type>', 'only of events of this type')
    .option('--status <status>', 'only while they have this status')
    .option('--since <time>', 'begin with those since then; a time, or how long ago (10m); default: now')
    .option('--json', 'the same as --output jsonl')
    .addHelpText('after', HOW)
    .action((flags: Flags) => tail(contextFor(command), flags));
};

async function tail(context: Context, { endpoint, eventType, status, since, json }: Flags): Promise<void> {
  const { now, signal } = context.terminal;
  const filters: Filters = {
    ...(endpoint !== undefined && { endpoint_id: endpoint }),
    ...(eventType !== undefined && { event_type: eventType }),
    ...(status !== undefined && { status }),
  };
  const patience = {
    ms: PATIENCE_MS,
    now,
    signal,
    lost: (error: Error) => note(context, `Connection lost: ${explained(error).line ?? error.message}`),
    back: () => note(context, 'Connected again.'),
  };
  const from = since === undefined ? now() : Date.parse(timeOf(since, now()));
  for await (const one of changesOf(clientOf(context), filters, from, patience)) write(context, one, json === true);
}

function write({ terminal: { stdout }, flags: { output }, style }: Context, one: Delivery, isJson: boolean): void {
  if (isJson || output === 'json' || output === 'jsonl') stdout.write(`${jsonText(one)}\n`);
  else stdout.write(`${output === 'quiet' ? clean(one.id) : lineOf(one, style)}\n`);
}

/** At most 80 columns; why it failed gets a line of its own. */
function lineOf({ updated_at, status, status_code, event_type, event_id, error_message }: Delivery, style: Style) {
  const shown = statusText(style, status, padded(clean(status), STATUS_WIDTH));
  const type = padded(cut(clean(event_type), TYPE_WIDTH), TYPE_WIDTH);
  const time = style('faint', clockTime(Date.parse(updated_at)));
  const line = `${time}  ${shown} ${clean(`${status_code ?? ''}`).padStart(3)}  ${type} ${clean(event_id)}`;
  return error_message ? `${line}\n          ${cut(clean(error_message), NARROW - 10)}` : line;
}
