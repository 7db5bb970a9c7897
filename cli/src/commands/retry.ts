import type { BulkRetry, RetriedStatus } from '../../../sdk/src/api-types.ts';
import { timeOf } from '../api/values.ts';
import { Option } from 'commander';
import { type AddCommands, type Context, clientOf } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { columnsOf } from '../output/columns.ts';
import { writeRows } from '../output/write.ts';
import { writeJob } from './jobs.ts';

interface Flags {
  endpoint?: string;
  type?: string;
  status?: RetriedStatus;
  since?: string;
  until?: string;
  wait?: true;
  mfaCode?: string;
}

export const addRetry: AddCommands = (program, contextFor) => {
  const command = program
    .command('retry')
    .description('Retries deliveries: those that are named, or all dead ones that meet every condition.')
    .helpGroup('Every day:')
    .argument('[deliveries...]', 'ids; without any, the conditions say which')
    .option('--endpoint <id>', 'only deliveries to this endpoint')
    .option('--type <type>', 'only deliveries of events of this type')
    .addOption(new Option('--status <status>', 'only these; default: both').choices(['exhausted', 'abandoned']))
    .option('--since <time>', 'only of events since then: a time, or how long ago (24h)')
    .option('--until <time>', 'only of events before then')
    .option('--wait', 'wait until all have been retried')
    .option('--mfa-code <code>', 'a code of the second factor')
    .action((ids: string[], flags: Flags) =>
      ids.length > 0 ? retryNamed(contextFor(command), ids, flags) : retryAll(contextFor(command), flags),
    );
};

/** Each by itself: one that is refused ends the command, once those before it, which have been retried, are shown. */
async function retryNamed(context: Context, ids: readonly string[], flags: Flags): Promise<void> {
  const { endpoint, type, status, since, until, mfaCode } = flags;
  if ([endpoint, type, status, since, until].some((one) => one !== undefined)) {
    throw new Refusal('Name deliveries or give conditions, not both.');
  }
  const client = clientOf(context);
  const { signal } = context.terminal;
  let refusal: { error: unknown } | undefined;
  async function* retried() {
    try {
      for (const id of ids) yield await client.deliveries.retry(id, { signal, mfaCode });
    } catch (error) {
      refusal = { error };
    }
  }
  await writeRows(context, retried(), columnsOf('Delivery'), 'None was retried.');
  if (refusal) throw refusal.error;
}

async function retryAll(
  context: Context,
  { endpoint, type, status, since, until, wait, mfaCode }: Flags,
): Promise<void> {
  const { now, signal } = context.terminal;
  const filter: BulkRetry = {
    ...(endpoint !== undefined && { endpoint_id: endpoint }),
    ...(type !== undefined && { event_type: type }),
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since: timeOf(since, now()) }),
    ...(until !== undefined && { until: timeOf(until, now()) }),
  };
  if (Object.keys(filter).length === 0) {
    throw new Refusal('Name deliveries, or say which to retry: --endpoint, --type, --status, --since or --until.');
  }
  const client = clientOf(context);
  const job = await client.deliveries.retryAll(filter, { signal, mfaCode });
  await writeJob(context, client, job, wait === true);
}
