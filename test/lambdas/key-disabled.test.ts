import { DecryptCommand, DisabledException } from '@aws-sdk/client-kms';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../lambdas/dispatch.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { writeDeliveryMessage } from '../../lib/domain/message.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { eventOf } from '../e2e/event-source.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { logFiltersOf, matches } from '../infra/log-filters.ts';
import { ofType, synthesize } from '../infra/synthesized.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { TestKms } from '../support/test-kms.ts';
import { acceptedEvent } from './accepted-event.ts';

const { resources } = synthesize();

let emulated: EmulatedAws;
beforeAll(async () => {
  emulated = await startEmulatedAws(new MemoryLog());
});
afterAll(() => emulated.stop());

/** An event with one endpoint, whose message is received. */
async function anAcceptedEvent(kms: TestKms) {
  const deployment = { ...emulated.deployment, clients: { ...emulated.deployment.clients, kms: kms.client } };
  const { pointer } = await acceptedEvent(deployment, { url: 'https://customer.invalid/' });
  const QueueUrl = emulated.queueUrls.deliveries;
  await emulated.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: writeDeliveryMessage(pointer) }));
  const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
  const { Messages = [] } = await emulated.sqs.send(receive);
  return { deployment, received: eventOf(Messages, QueueUrl) };
}

test('while the KMS key is disabled nothing is sent, and each line of that counts for an alarm', async () => {
  const kms = new TestKms();
  const { deployment, received } = await anAcceptedEvent(kms);
  kms.calls.on(DecryptCommand).rejects(new DisabledException({ message: 'key/1 is disabled.', $metadata: {} }));
  const lines: string[] = [];
  const log = createJsonLog({ clock: systemClock, write: (line) => lines.push(line) });

  // To Lambda this is a success: no metric of the function tells of it.
  const answer = await createHandler({ ...deployment, log })(received, lambdaContext('dispatch', 60_000));
  expect(answer.batchItemFailures).toHaveLength(1);

  const watched = new Set(
    ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.MetricName),
  );
  const counted = logFiltersOf(resources)
    .filter(({ entry, metric }) => entry === 'dispatch' && watched.has(metric))
    .flatMap(({ pattern, metric }) => lines.filter((line) => matches(pattern, line)).map((line) => ({ metric, line })));
  expect(counted).toEqual([
    { metric: 'Postrider-faults', line: expect.stringContaining('DisabledException') as string },
  ]);
});
