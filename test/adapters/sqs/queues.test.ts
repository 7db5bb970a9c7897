import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type DeleteMessageBatchCommandInput,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SQSServiceException,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
} from '@aws-sdk/client-sqs';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { fromSqsRecord } from '../../../lib/adapters/sqs/from-sqs-record.ts';
import { createSqsQueues } from '../../../lib/adapters/sqs/queues.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { ServiceFault, VisibilityLimitError } from '../../../lib/domain/errors.ts';
import type { ReceivedMessage } from '../../../lib/ports/queues.ts';
import { InstantClock } from '../../support/instant-clock.ts';

const URLS = {
  deliveries: 'https://sqs/1/deliveries',
  retries: 'https://sqs/1/retries',
  slow: 'https://sqs/1/slow',
  jobs: 'https://sqs/1/jobs',
  exhausted: 'https://sqs/1/exhausted',
  poison: 'https://sqs/1/poison',
};

function openMockedQueues(receiveWaitSeconds = 0) {
  const client = new SQSClient({ region: 'us-east-1' });
  const calls = mockClient(client) as unknown as AwsClientStub<SQSClient>;
  const clock = new InstantClock();
  const queues = createSqsQueues({ client, urls: URLS, clock, random: systemRandom, receiveWaitSeconds });
  const sent = () => calls.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input);
  const deleted = () => calls.commandCalls(DeleteMessageBatchCommand).map((call) => call.args[0].input);
  return { queues, calls, clock, sent, deleted };
}

function acceptAll({ Entries = [] }: SendMessageBatchCommandInput | DeleteMessageBatchCommandInput) {
  return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
}

/** Accepts all entries of a batch but those whose body or receipt is named; says so, or says nothing of them. */
function acceptAllBut(refused: readonly string[], say: 'says so' | 'says nothing' = 'says so') {
  return (input: SendMessageBatchCommandInput | DeleteMessageBatchCommandInput) => {
    const entries = (input.Entries ?? []) as { Id: string; MessageBody?: string; ReceiptHandle?: string }[];
    const isRefused = (entry: (typeof entries)[number]) =>
      refused.includes(entry.MessageBody ?? entry.ReceiptHandle ?? '');
    const Failed = entries.filter(isRefused).map(({ Id }) => ({ Id, Code: 'ServiceUnavailable', SenderFault: false }));
    const Successful = entries.filter((entry) => !isRefused(entry)).map(({ Id }) => ({ Id }));
    return { Successful, Failed: say === 'says so' ? Failed : [] };
  };
}

function sqsError(name: string, message = `${name}!`): SQSServiceException {
  return new SQSServiceException({ name, $fault: 'client', message, $metadata: {} });
}

function messages(count: number) {
  return Array.from({ length: count }, (_, n) => ({ body: `message ${n}`, group: `tenant-${n % 3}` }));
}

function received(receiptHandle: string): ReceivedMessage {
  return { messageId: receiptHandle, receiptHandle, body: '', receiveCount: 1, sentAt: 0 };
}

describe('sending', () => {
  test('each message goes with its group and its delay to its queue', async () => {
    const { queues, calls, sent } = openMockedQueues();
    calls.on(SendMessageBatchCommand).callsFake(acceptAll);
    await queues.send('retries', [
      { body: 'now', group: 'ep_1' },
      { body: 'later', group: 'ep_2', delaySeconds: 900 },
    ]);
    expect(sent()).toEqual([
      {
        QueueUrl: URLS.retries,
        Entries: [
          { Id: '0', MessageBody: 'now', MessageGroupId: 'ep_1' },
          { Id: '1', MessageBody: 'later', MessageGroupId: 'ep_2', DelaySeconds: 900 },
        ],
      },
    ]);
  });

  test('a group that SQS would refuse with its message is replaced, the same by the same', async () => {
    const { queues, calls, sent } = openMockedQueues();
    calls.on(SendMessageBatchCommand).callsFake(acceptAll);
    const groups = ['müller gmbh', 'x'.repeat(129), 'müller gmbh'];
    await queues.send(
      'deliveries',
      groups.map((group) => ({ body: 'b', group })),
    );
    const [first, second, third] = sent()[0]?.Entries?.map(({ MessageGroupId = '' }) => MessageGroupId) ?? [];
    for (const id of [first, second]) expect(id).toMatch(/^[!-~]{1,128}$/);
    expect([third === first, second === first]).toEqual([true, false]);
  });

  test('137 messages are batches of at most 10', async () => {
    const { queues, calls, sent } = openMockedQueues();
    calls.on(SendMessageBatchCommand).callsFake(acceptAll);
    await queues.send('deliveries', messages(137));
    expect(sent().map(({ Entries = [] }) => Entries.length)).toEqual([...Array.from({ length: 13 }, () => 10), 7]);
    await queues.send('deliveries', []);
    expect(sent()).toHaveLength(14);
  });

  test('a batch has at most 1 MiB of bodies', async () => {
    const { queues, calls, sent } = openMockedQueues();
    calls.on(SendMessageBatchCommand).callsFake(acceptAll);
    // 300,000 bytes each.
    await queues.send(
      'jobs',
      Array.from({ length: 7 }, () => ({ body: '✓'.repeat(100_000), group: 'g' })),
    );
    expect(sent().map(({ Entries = [] }) => Entries.length)).toEqual([3, 3, 1]);
  });

  test('a delay over 900 s, which an emulator would take, is refused before anything is sent', async () => {
    const { queues, sent } = openMockedQueues();
    const tooLate = [...messages(20), { body: 'late', group: 'g', delaySeconds: 901 }];
    await expect(queues.send('retries', tooLate)).rejects.toThrow(RangeError);
    expect(sent()).toEqual([]);
  });

  test.each(['says so', 'says nothing'] as const)(
    'what of a batch was not accepted is sent again, it alone, until it is (SQS %s of it)',
    async (say) => {
      const { queues, calls, clock, sent } = openMockedQueues();
      const bodies = messages(10).map(({ body }) => body);
      calls
        .on(SendMessageBatchCommand)
        .callsFakeOnce(acceptAllBut(['message 2', 'message 7'], say))
        .callsFakeOnce(acceptAllBut(['message 7'], say))
        .callsFake(acceptAll);
      await queues.send('deliveries', messages(10));
      const sentBodies = sent().map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody));
      expect(sentBodies).toEqual([bodies, ['message 2', 'message 7'], ['message 7']]);
      expect(sent()[2]?.Entries?.[0]?.MessageGroupId).toBe('tenant-1');
      expect(clock.slept).toHaveLength(2);
    },
  );

  test('what is never accepted is a fault of the service, in less than 5 s, and its neighbours are sent', async () => {
    const { queues, calls, clock, sent } = openMockedQueues();
    calls.on(SendMessageBatchCommand).callsFake(acceptAllBut(['message 3']));
    await expect(queues.send('deliveries', messages(20))).rejects.toThrow(ServiceFault);
    expect(sent().flatMap(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody))).toEqual(
      expect.arrayContaining(messages(20).map(({ body }) => body)),
    );
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(5000);
  });
});

describe('faults', () => {
  test.each([
    ['throttling', sqsError('RequestThrottled')],
    ['a missing queue', sqsError('QueueDoesNotExist')],
    ['a timeout', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('%s is a ServiceFault with its cause, whatever is called', async (_what, cause) => {
    const { queues, calls } = openMockedQueues();
    calls.rejects(cause);
    const asked = [
      () => queues.send('deliveries', messages(1)),
      () => queues.hide('retries', received('r'), 30),
      () => queues.inFlight('retries'),
      () => queues.receive('retries', 10),
      () => queues.delete('retries', [received('r')]),
    ];
    for (const ask of asked) {
      const fault = await ask().catch((error: unknown) => error);
      expect(fault, `${ask}`).toBeInstanceOf(ServiceFault);
      expect((fault as ServiceFault).cause).toBe(cause);
    }
  });
});

describe('hiding', () => {
  test('is exactly one request', async () => {
    const { queues, calls } = openMockedQueues();
    await queues.hide('retries', received('receipt-1'), 43_020);
    expect(calls.commandCalls(ChangeMessageVisibilityCommand).map((call) => call.args[0].input)).toEqual([
      { QueueUrl: URLS.retries, ReceiptHandle: 'receipt-1', VisibilityTimeout: 43_020 },
    ]);
  });

  test('longer than SQS allows is a limit, not just any fault', async () => {
    const { queues, calls } = openMockedQueues();
    const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
    const cause = sqsError(
      'InvalidParameterValue',
      `Value 43200 for parameter VisibilityTimeout is invalid. Reason: ${reason}.`,
    );
    calls.rejects(cause);
    const error = await queues.hide('retries', received('r'), 43_200).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VisibilityLimitError);
    expect((error as Error).cause).toBe(cause);
    calls.resetHistory();
    await expect(queues.hide('retries', received('r'), 43_201)).rejects.toThrow(VisibilityLimitError);
    expect(calls.calls()).toHaveLength(0);
  });

  test.each([
    ['ReceiptHandleIsInvalid', 'The input receipt handle is invalid.'],
    ['MessageNotInflight', 'Message does not exist or is not available for visibility timeout change.'],
    [
      'InvalidParameterValue',
      'Value AQEB for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
    ],
  ])('under a receipt that is no longer good is a fault, and no limit: %s', async (name, message) => {
    const { queues, calls } = openMockedQueues();
    calls.rejects(sqsError(name, message));
    const error = await queues.hide('retries', received('r'), 30).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceFault);
    expect(error).not.toBeInstanceOf(VisibilityLimitError);
  });

  test.each([-1, 1.5, Number.NaN])('for %d s is our mistake', async (seconds) => {
    const { queues, calls } = openMockedQueues();
    await expect(queues.hide('retries', received('r'), seconds)).rejects.toThrow(RangeError);
    expect(calls.calls()).toHaveLength(0);
  });
});

describe('receiving', () => {
  const attributes = { ApproximateReceiveCount: '7', SentTimestamp: '1767225600123', MessageGroupId: 'tenant-1' };
  const expected = {
    messageId: 'm-1',
    receiptHandle: 'r-1',
    body: 'body',
    receiveCount: 7,
    sentAt: 1_767_225_600_123,
    group: 'tenant-1',
  };

  test('asks for what it tells of a message, the group included', async () => {
    const { queues, calls } = openMockedQueues(5);
    const message = { MessageId: 'm-1', ReceiptHandle: 'r-1', Body: 'body', Attributes: attributes };
    calls.on(ReceiveMessageCommand).resolves({ Messages: [message] });
    expect(await queues.receive('deliveries', 10)).toEqual([expected]);
    expect(calls.commandCalls(ReceiveMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: URLS.deliveries,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 5,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
    });
  });

  test('its request waits for longer than SQS does', async () => {
    const { queues, calls } = openMockedQueues(5);
    calls.on(ReceiveMessageCommand).resolves({});
    await queues.receive('deliveries', 10);
    const [call] = calls.commandCalls(ReceiveMessageCommand);
    const [, options] = (call?.args ?? []) as unknown[];
    expect(options).toEqual({ requestTimeout: 8000 });
  });

  test.each([0, 11, 2.5])('%d messages at a time are our mistake', async (max) => {
    await expect(openMockedQueues().queues.receive('deliveries', max)).rejects.toThrow(RangeError);
  });

  test('a message that Lambda received is read alike, with and without a group', () => {
    const record = { messageId: 'm-1', receiptHandle: 'r-1', body: 'body', attributes };
    expect(fromSqsRecord(record)).toEqual(expected);
    const { MessageGroupId: _group, ...bare } = attributes;
    expect(fromSqsRecord({ ...record, attributes: bare })).not.toHaveProperty('group');
  });
});

describe('deleting', () => {
  test('what of a batch failed is deleted again, it alone', async () => {
    const { queues, calls, deleted } = openMockedQueues();
    calls
      .on(DeleteMessageBatchCommand)
      .callsFakeOnce(acceptAllBut(['r-4']))
      .callsFake(acceptAll);
    const receipts = Array.from({ length: 6 }, (_, n) => `r-${n}`);
    await queues.delete('jobs', receipts.map(received));
    const asked = deleted().map(({ Entries = [] }) => Entries.map(({ ReceiptHandle }) => ReceiptHandle));
    expect(asked).toEqual([receipts, ['r-4']]);
  });

  test('what cannot be deleted is a fault of the service', async () => {
    const { queues, calls } = openMockedQueues();
    calls.on(DeleteMessageBatchCommand).callsFake(acceptAllBut(['r-0']));
    await expect(queues.delete('jobs', [received('r-0')])).rejects.toThrow(ServiceFault);
  });

  test('under a receipt that is no longer good there is nothing to delete', async () => {
    const { queues, calls, deleted } = openMockedQueues();
    const gone = { Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true };
    calls.on(DeleteMessageBatchCommand).resolves({ Successful: [], Failed: [gone] });
    await queues.delete('jobs', [received('r-0')]);
    expect(deleted()).toHaveLength(1);
  });
});

test('in flight is what SQS calls not visible, and what is delayed, which is in flight later', async () => {
  const { queues, calls } = openMockedQueues();
  calls
    .on(GetQueueAttributesCommand, {
      QueueUrl: URLS.retries,
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
    })
    .resolves({
      Attributes: { ApproximateNumberOfMessagesNotVisible: '71000', ApproximateNumberOfMessagesDelayed: '999' },
    });
  expect(await queues.inFlight('retries')).toBe(71_999);
});
