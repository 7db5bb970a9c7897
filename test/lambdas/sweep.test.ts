import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { ScheduledEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { createHandler } from '../../lambdas/sweep.ts';
import type { DynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { RecordMaker, afterFailedAttempt, planted } from '../support/records.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 55_000;
const tick = {} as ScheduledEvent;

let log: MemoryLog;
let emulated: EmulatedAws;
let store: DynamoStore;
beforeAll(async () => {
  log = new MemoryLog();
  emulated = await startEmulatedAws(log);
  store = openStore(emulated.deployment, 'config', 'log');
});
afterAll(() => emulated.stop());

/** With no setting but those that the stack gives this function. */
function sweepFunction(dueShards = 4) {
  const { POSTRIDER_KMS_KEY_ID: _, ...rest } = emulated.deployment.environment;
  return createHandler({ ...emulated.deployment, environment: { ...rest, POSTRIDER_DUE_SHARDS: String(dueShards) } });
}

async function bodiesIn(queue: QueueName): Promise<unknown[]> {
  const receive = new ReceiveMessageCommand({ QueueUrl: emulated.queueUrls[queue], MaxNumberOfMessages: 10 });
  const { Messages = [] } = await emulated.sqs.send(receive);
  return Messages.map(({ Body }) => JSON.parse(Body ?? '') as unknown);
}

test('moves on what stands overdue: a lost retry, a half-finished dead letter, a job', async () => {
  const records = new RecordMaker(new VirtualClock(Date.now() - 60 * MINUTE_MS));
  const checkAt = Date.now() - 2 * MINUTE_MS;
  const lost = afterFailedAttempt(records.delivery({ epoch: 3 }), checkAt, { dueAt: checkAt, checkAt });
  const halfDead = records.delivery({ status: 'exhausted', epoch: 4, dlqPending: true, checkAt });
  const job = records.job({ checkAt, step: 2 });
  for (const record of [lost, halfDead]) await store.deliveries.writeUnlessSuperseded(planted(record));
  await store.jobs.createUnlessExists(job);

  await sweepFunction()(tick, lambdaContext('sweep', TIMEOUT_MS));

  expect(await bodiesIn('retries')).toMatchObject([{ event: lost.eventId, epoch: 4 }]);
  expect(await bodiesIn('exhausted')).toMatchObject([{ event: halfDead.eventId, epoch: 5 }]);
  expect(await bodiesIn('jobs')).toMatchObject([{ job: job.id, step: 2 }]);
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('begins nothing in the last seconds before its timeout', async () => {
  const checkAt = Date.now() - MINUTE_MS;
  const records = new RecordMaker(new VirtualClock(checkAt));
  const lost = afterFailedAttempt(records.delivery(), checkAt, { dueAt: checkAt, checkAt });
  await store.deliveries.writeUnlessSuperseded(planted(lost));
  expect(await sweepFunction()(tick, lambdaContext('sweep', 9_000))).toEqual({ due: 0, resent: 0, postponed: 0 });
  expect(await sweepFunction()(tick, lambdaContext('sweep', TIMEOUT_MS))).toEqual({ due: 1, resent: 1, postponed: 0 });
});

test('says so in the log when a whole run fails, and fails', async () => {
  const environment = { ...emulated.deployment.environment, POSTRIDER_LOG_TABLE: 'no-such-table' };
  const failing = createHandler({ ...emulated.deployment, environment });
  await expect(failing(tick, lambdaContext('sweep', TIMEOUT_MS))).rejects.toThrow(ServiceFault);
  expect(log.named('sweep.failed')).toMatchObject([{ level: 'error', cause: expect.any(ServiceFault) }]);
});

test('raises the shards of the due index to the number that the deployment asks for', async () => {
  expect(await store.due.raiseShards()).toBe(4);
  await sweepFunction(8)(tick, lambdaContext('sweep', TIMEOUT_MS));
  expect(await store.due.raiseShards()).toBe(8);
});
