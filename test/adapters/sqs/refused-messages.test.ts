import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { SqsRefusedMessages } from '../../../lib/adapters/sqs/refused-messages.ts';
import { sourceOf } from '../../../lib/api/sources/read-message.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/ports/outgoing-rules.ts';

async function putting(why: string, body = '{}') {
  const client = new SQSClient({ region: 'us-east-1' });
  const calls = mockClient(client) as unknown as AwsClientStub<SQSClient>;
  const refused = new SqsRefusedMessages(client, 'https://sqs/1/refused');
  await refused.put({ source: 'orders', messageId: 'm', code: 'invalid-body', why, body });
  return calls.commandCalls(SendMessageCommand)[0]?.args[0].input;
}

function whyRefused(body: string): string {
  try {
    sourceOf('orders', undefined).read({ id: 'm', body, receiveCount: 1 });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}

test('what SQS takes in no text is replaced in the reason, or the message would come back for days', async () => {
  const body = String.raw`{"tenant_id":"t","type":"a.b","data":{},"x\u0001":1}`;
  const sent = await putting(whyRefused(body), body);
  expect(sent?.MessageBody).toBe(body);
  expect(sent?.MessageAttributes?.error_message?.StringValue).toContain('Unknown field `x\ufffd`');
  const all = await putting('tab\t, line\n, \ud800, \uffff, \u0000, ü, 😀');
  expect(all?.MessageAttributes?.error_message?.StringValue).toBe('tab\t, line\n, \ufffd, \ufffd, \ufffd, ü, 😀');
});

test('a reason counts for the size of a message as it is sent', async () => {
  const others = Buffer.byteLength(
    'sourceStringordersmessage_idStringmerror_codeStringinvalid-bodyerror_messageString',
  );
  const room = 'x'.repeat(MAX_MESSAGE_BYTES - others - Buffer.byteLength('\ufffd'));
  expect(await putting('\u0001', room)).toHaveProperty('MessageAttributes');
  expect(await putting('\u0001', `${room}x`)).not.toHaveProperty('MessageAttributes');
});
