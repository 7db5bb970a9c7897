import { existsSync } from 'node:fs';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { listDeadLetters } from '../../../lib/pipeline/manual/list-dead-letters.ts';
import { type DeadLetterQueue, type Redriven, redriveDeadLetters } from '../../../lib/pipeline/manual/redrive.ts';
import type { QueueReceiver, QueueSender } from '../../../lib/ports/queues.ts';
import { Refusal } from '../errors/refusal.ts';
import { json } from '../output/json.ts';
import { readStackOutputs } from './stack-outputs.ts';

export interface RedriveFlags {
  stack?: string;
  region?: string;
  data?: string;
}

interface OpenQueues {
  queues: QueueSender & QueueReceiver;
  /** How many messages are visible now. */
  visible(queue: DeadLetterQueue): Promise<number>;
  close(): void;
}

/** The stack's outputs that name the queues. */
const URL_OUTPUTS = [
  'DeliveriesQueueUrl',
  'RetriesQueueUrl',
  'SlowQueueUrl',
  'JobsQueueUrl',
  'ExhaustedQueueUrl',
  'PoisonQueueUrl',
] as const;
/** Long polling asks every server of SQS; a short poll can miss messages (SQS: short and long polling). */
const RECEIVE_WAIT_SECONDS = 2;
const SHOWN_CHARACTERS = 500;
const MOST_LISTED = 200;

/** Sends dead letters on their way again. @returns what to tell */
export async function redrive(queue: DeadLetterQueue, flags: RedriveFlags): Promise<string> {
  const { queues, visible, close } = await openQueues(queue, flags);
  try {
    return told(queue, await redriveDeadLetters(queues, queue, await visible(queue)));
  } finally {
    close();
  }
}

/**
 * Shows dead letters with their causes and leaves them there.
 * @returns a line of JSON each, since a body may contain anything
 */
export async function listed(queue: DeadLetterQueue, flags: RedriveFlags): Promise<string> {
  const { queues, visible, close } = await openQueues(queue, flags);
  try {
    const count = await visible(queue);
    const letters = await listDeadLetters(queues, queue, Math.min(count, MOST_LISTED));
    const lines = letters.map(({ message: { messageId, receiveCount, body }, from, why }) =>
      json({
        message_id: messageId,
        from,
        why,
        received: receiveCount,
        body: body.slice(0, SHOWN_CHARACTERS),
      }),
    );
    return [...lines, `${queue}: ${letters.length} of ${count} shown, none moved`, ''].join('\n');
  } finally {
    close();
  }
}

function told(queue: DeadLetterQueue, { moved, kept }: Redriven): string {
  const sent = Object.entries(moved).filter(([, count]) => count > 0);
  const lines = sent.map(([to, count]) => `${to}: ${count} sent from ${queue}`);
  if (kept.length > 0) lines.push(`${queue}: ${kept.length} can't be read and remain there`);
  if (lines.length === 0) lines.push(`${queue}: nothing to redrive`);
  // As JSON, because a body that can't be read may contain anything.
  const shown = kept.map(({ message: { messageId, body }, why }) =>
    json({ message_id: messageId, why, body: body.slice(0, SHOWN_CHARACTERS) }),
  );
  return [...lines, ...shown, ''].join('\n');
}

async function openQueues(queue: DeadLetterQueue, { stack, region, data }: RedriveFlags): Promise<OpenQueues> {
  if (data !== undefined && stack === undefined) return openLocal(data, queue);
  if (stack !== undefined && data === undefined) return openStack(stack, region);
  throw new Refusal('Say whose queues: pass either --stack <name> or --data <folder>.');
}

async function openLocal(dataDir: string, asked: DeadLetterQueue): Promise<OpenQueues> {
  if (!existsSync(dataDir)) throw new Refusal(`There is no folder ${dataDir}: check the path.`);
  const { openDataFolder } = await import('../../../lib/local/service/data-folder.ts');
  const { DEFAULT_SETTINGS } = await import('../../../lib/pipeline/settings.ts');
  const { FolderInUseError } = await import('../../../lib/adapters/sqlite/database/folder-lock.ts');
  const opening = openDataFolder(dataDir, systemClock, DEFAULT_SETTINGS.logTtlMs);
  const { store, close } = await opening.catch((error: Error) => {
    if (!(error.cause instanceof FolderInUseError)) throw error;
    // Another folder, which a start is told to choose, has other dead letters.
    const instead = `stop it, or ask it by "postrider ops redrive ${asked}".`;
    throw new Refusal(`Another Postrider is using ${dataDir}: ${instead}`);
  });
  const { queues } = store;
  // The folder is locked: messages in flight were left by a process that has ended, perhaps an earlier redrive.
  await queues.recoverInFlight();
  return { queues, visible: async (queue) => queues.count(queue).visible, close };
}

async function openStack(stack: string, region: string | undefined): Promise<OpenQueues> {
  const outputs = await readStackOutputs(stack, region, URL_OUTPUTS, 'install it, and sign in to the account.');
  const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { createSqsClient } = await import('../../../lib/adapters/sqs/client.ts');
  const { createSqsQueues } = await import('../../../lib/adapters/sqs/queues.ts');
  const urls = {
    deliveries: outputs.DeliveriesQueueUrl,
    retries: outputs.RetriesQueueUrl,
    slow: outputs.SlowQueueUrl,
    jobs: outputs.JobsQueueUrl,
    exhausted: outputs.ExhaustedQueueUrl,
    poison: outputs.PoisonQueueUrl,
  };
  const client = createSqsClient(region === undefined ? {} : { region });
  const visible = async (queue: DeadLetterQueue) => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const command = new GetQueueAttributesCommand({ QueueUrl: urls[queue], AttributeNames });
    return Number((await client.send(command)).Attributes?.ApproximateNumberOfMessages ?? 0);
  };
  const options = { client, urls, clock: systemClock, random: systemRandom, receiveWaitSeconds: RECEIVE_WAIT_SECONDS };
  return { queues: createSqsQueues(options), visible, close: () => client.destroy() };
}
