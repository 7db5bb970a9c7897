import { describe, expect, test } from 'vitest';
import type { FunctionRequest, Json } from './function-request.ts';
import { PHYSICAL_IDS, requestOf } from './planted.ts';
import { QUOTAS, breachesOf } from './quotas.ts';

const KIB = 1024;
const text = (bytes: number) => 'x'.repeat(bytes);
const sqs = (operation: string, input: Json) =>
  requestOf({ service: 'sqs', operation }, { QueueUrl: PHYSICAL_IDS.Queue, ...input });
const dynamo = (operation: string, input: Json) => requestOf({ service: 'dynamodb', operation }, input);
const batch = (count: number, entry: Json = { MessageBody: 'a' }) =>
  sqs('SendMessageBatch', { Entries: Array.from({ length: count }, () => entry) });
const hide = (seconds: number, receivedMsAgo: number) => {
  const request = sqs('ChangeMessageVisibility', { VisibilityTimeout: seconds });
  return { ...request, at: request.caller.startedAt + receivedMsAgo };
};
const publish = (input: Json) => requestOf({ service: 'sns', operation: 'Publish' }, input);
const mail = (receivers: number) =>
  requestOf(
    { service: 'ses', operation: 'SendEmail' },
    { Destination: { ToAddresses: Array.from({ length: receivers }, () => 'ops@a.test') } },
  );
const put = (pk: string, sk: string, data = '') =>
  dynamo('PutItem', { TableName: 't', Item: { pk: { S: pk }, sk: { S: sk }, data: { S: data } } });
const read = (count: number) =>
  dynamo('BatchGetItem', { RequestItems: { t: { Keys: Array.from({ length: count }, () => ({ pk: { S: 'a' } })) } } });
const remove = (count: number) => {
  const requests = Array.from({ length: count }, () => ({
    DeleteRequest: { Key: { pk: { S: 'a' }, sk: { S: 'b' } } },
  }));
  return dynamo('BatchWriteItem', { RequestItems: { t: requests } });
};

const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, { DataType: 'String', StringValue: 'b' }]));
const query = (bytes: number) => dynamo('Query', { ExpressionAttributeValues: { ':a': { S: text(bytes) } } });
const decrypt = (bytes: number) =>
  requestOf({ service: 'kms', operation: 'Decrypt' }, { EncryptionContext: { a: text(bytes) } });
const encrypt = (bytes: number) =>
  requestOf({ service: 'kms', operation: 'Encrypt' }, { Plaintext: Buffer.alloc(bytes).toString('base64') });

/** The most that is allowed, and the least that is not, with the quota that says so. */
const EDGES: [quota: string, most: FunctionRequest, over: FunctionRequest][] = [
  ['messages in a batch', batch(10), batch(11)],
  [
    'all messages of a batch',
    batch(2, { MessageBody: text(512 * KIB) }),
    batch(2, { MessageBody: text(512 * KIB + 1) }),
  ],
  [
    'message with its attributes',
    sqs('SendMessage', { MessageBody: text(1024 * KIB) }),
    sqs('SendMessage', { MessageBody: text(1024 * KIB), MessageAttributes: { a: { StringValue: 'b' } } }),
  ],
  [
    'delay of a message',
    batch(1, { MessageBody: '', DelaySeconds: 900 }),
    batch(1, { MessageBody: '', DelaySeconds: 901 }),
  ],
  ['visibility timeout', hide(43_200, 0), hide(43_201, 0)],
  ['hidden since the message was received', hide(43_000, 200_000), hide(43_000, 200_001)],
  [
    'other characters than letters, digits and punctuation in a message group id',
    batch(1, { MessageGroupId: 'acme~!' }),
    batch(1, { MessageGroupId: 'acme corp' }),
  ],
  ['message group id', batch(1, { MessageGroupId: text(128) }), batch(1, { MessageGroupId: text(129) })],
  [
    'attributes of a message',
    batch(1, { MessageAttributes: attributes(10) }),
    batch(1, { MessageAttributes: attributes(11) }),
  ],
  ['expression attribute values', query(2048 * KIB - 10), query(2048 * KIB)],
  ['encryption context', decrypt(8 * KIB - 10), decrypt(8 * KIB)],
  ['notification', publish({ Message: text(256 * KIB) }), publish({ Message: text(256 * KIB + 1) })],
  ['subject of a notification', publish({ Subject: text(99) }), publish({ Subject: text(100) })],
  ['receivers of a mail', mail(50), mail(51)],
  ['item', put('a', 'b', text(400 * KIB - 20)), put('a', 'b', text(400 * KIB))],
  ['partition key', put(text(2048), 'a'), put(text(2049), 'a')],
  ['sort key', put('a', text(1024)), put('a', text(1025))],
  ['items of a batch read', read(100), read(101)],
  ['items of a batch write', remove(25), remove(26)],
  ['text under a key', encrypt(4 * KIB), encrypt(4 * KIB + 1)],
  [
    'expression',
    dynamo('UpdateItem', { Key: {}, UpdateExpression: text(4 * KIB) }),
    dynamo('UpdateItem', { Key: {}, UpdateExpression: text(4 * KIB + 1) }),
  ],
];

describe('quotas', () => {
  test('each has its edge here', () => {
    expect(EDGES.map(([quota]) => quota).toSorted()).toEqual(Object.keys(QUOTAS).toSorted());
  });

  test.each(EDGES)('%s: the most passes, and one more is found', (quota, most, over) => {
    expect(breachesOf(most)).toEqual([]);
    const breaches = breachesOf(over);
    expect(breaches).toContainEqual(expect.stringContaining(`: ${quota}, `));
    expect(breaches[0]).toMatch(/^stack-worker, (sqs|dynamodb|kms|sns|ses):\w+: .+ is over [\d.]+ \(".+"\)$/);
  });
});
