import type { FunctionRequest, Json } from './function-request.ts';

const KIB = 1024;
const HOUR_SECONDS = 3600;

interface Quota {
  limit: number;
  unit: string;
  /** The title of AWS's page that has the limit. */
  source: string;
}

const MESSAGES = 'Amazon SQS message quotas';
const TABLES = 'Quotas in Amazon DynamoDB';
const BATCH_GET = 'BatchGetItem (Amazon DynamoDB API Reference)';
const EXPRESSIONS = 'Constraints in Amazon DynamoDB';

/** What AWS refuses and the emulator may let through. */
export const QUOTAS = {
  'messages in a batch': { limit: 10, unit: 'messages', source: MESSAGES },
  'message with its attributes': { limit: 1024 * KIB, unit: 'bytes', source: MESSAGES },
  'all messages of a batch': { limit: 1024 * KIB, unit: 'bytes', source: MESSAGES },
  'attributes of a message': { limit: 10, unit: 'attributes', source: MESSAGES },
  'delay of a message': { limit: 900, unit: 'seconds', source: MESSAGES },
  'visibility timeout': { limit: 12 * HOUR_SECONDS, unit: 'seconds', source: MESSAGES },
  'hidden since the message was received': {
    limit: 12 * HOUR_SECONDS,
    unit: 'seconds',
    source: 'Amazon SQS visibility timeout',
  },
  'message group id': { limit: 128, unit: 'characters', source: 'SendMessage (Amazon SQS API Reference)' },
  'other characters than letters, digits and punctuation in a message group id': {
    limit: 0,
    unit: 'characters',
    source: 'SendMessage (Amazon SQS API Reference)',
  },
  item: { limit: 400 * KIB, unit: 'bytes', source: TABLES },
  'partition key': { limit: 2048, unit: 'bytes', source: TABLES },
  'sort key': { limit: 1024, unit: 'bytes', source: TABLES },
  'items of a batch read': { limit: 100, unit: 'items', source: BATCH_GET },
  'items of a batch write': { limit: 25, unit: 'items', source: 'BatchWriteItem (Amazon DynamoDB API Reference)' },
  expression: { limit: 4 * KIB, unit: 'bytes', source: EXPRESSIONS },
  'expression attribute values': { limit: 2048 * KIB, unit: 'bytes', source: EXPRESSIONS },
  notification: { limit: 256 * KIB, unit: 'bytes', source: 'Publish (Amazon SNS API Reference)' },
  'subject of a notification': { limit: 99, unit: 'characters', source: 'Publish (Amazon SNS API Reference)' },
  'receivers of a mail': { limit: 50, unit: 'addresses', source: 'Service quotas in Amazon SES' },
  'encryption context': { limit: 8 * KIB, unit: 'bytes', source: 'Resource quotas (AWS KMS Developer Guide)' },
  'text under a key': { limit: 4 * KIB, unit: 'bytes', source: 'Encrypt (AWS KMS API Reference)' },
} satisfies Record<string, Quota>;

type QuotaName = keyof typeof QUOTAS;
type Measured = [quota: QuotaName, value: number];

/** The quotas that a request is over, each as a sentence. */
export function breachesOf(request: FunctionRequest): string[] {
  return measure(request)
    .filter(([name, value]) => value > QUOTAS[name].limit)
    .map(([name, value]) => {
      const { limit, unit, source } = QUOTAS[name];
      const what = `${request.caller.functionName}, ${request.service}:${request.operation}`;
      return `${what}: ${name}, ${value} ${unit}, is over ${limit} ("${source}")`;
    });
}

function measure(request: FunctionRequest): Measured[] {
  if (request.service === 'sqs') return measureMessages(request);
  if (request.service === 'dynamodb') return measureItems(request);
  if (request.service === 'sns') return measureNotification(request.input);
  if (request.service === 'ses') return [['receivers of a mail', request.input.Destination.ToAddresses.length]];
  return measureKeyUse(request.input);
}

function measureKeyUse({ EncryptionContext = {}, Plaintext = '' }: Json): Measured[] {
  return [
    ['encryption context', bytes(JSON.stringify(EncryptionContext))],
    ['text under a key', Buffer.byteLength(Plaintext, 'base64')],
  ];
}

function measureMessages({ operation, input, caller, at }: FunctionRequest): Measured[] {
  const entries: Json[] = input.Entries ?? [input];
  const sizes = entries.map(messageSize);
  return [
    ['messages in a batch', entries.length],
    ['all messages of a batch', sizes.reduce((sum, size) => sum + size, 0)],
    ...entries.flatMap((entry, index): Measured[] => [
      ['message with its attributes', sizes[index] ?? 0],
      ['attributes of a message', Object.keys(entry.MessageAttributes ?? {}).length],
      ['delay of a message', entry.DelaySeconds ?? 0],
      ['visibility timeout', entry.VisibilityTimeout ?? 0],
      ['message group id', entry.MessageGroupId?.length ?? 0],
      [
        'other characters than letters, digits and punctuation in a message group id',
        entry.MessageGroupId?.match(/[^\x21-\x7e]/g)?.length ?? 0,
      ],
      ...(operation.startsWith('ChangeMessageVisibility') ? [sinceReceived(entry, caller.startedAt, at)] : []),
    ]),
  ];
}

function measureNotification({ Message = '', Subject = '' }: Json): Measured[] {
  return [
    ['notification', bytes(Message)],
    ['subject of a notification', Subject.length],
  ];
}

/** A message is received just before its function is called. */
function sinceReceived(entry: Json, receivedAt: number, now: number): Measured {
  return ['hidden since the message was received', Math.ceil((now - receivedAt) / 1000) + entry.VisibilityTimeout];
}

function messageSize({ MessageBody = '', MessageAttributes = {} }: Json): number {
  const attributes = Object.entries<Json>(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '', BinaryValue = '' }]) =>
      bytes(name + DataType + StringValue + BinaryValue),
  );
  return attributes.reduce((sum, size) => sum + size, bytes(MessageBody));
}

function measureItems({ operation, input }: FunctionRequest): Measured[] {
  const tables: Json[] = operation === 'BatchGetItem' ? Object.values(input.RequestItems) : [];
  const writes: Json[] = operation === 'BatchWriteItem' ? Object.values(input.RequestItems).flat() : [];
  const written = writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key);
  const keys: Json[] = [input.Key, input.Item, ...written, ...tables.flatMap(({ Keys }) => Keys)].filter(Boolean);
  const expressions = Object.entries<Json>(input).filter(([name]) => name.endsWith('Expression'));
  return [
    ['item', input.Item ? itemSize({ M: input.Item }) : 0],
    ['items of a batch write', writes.length],
    ['items of a batch read', tables.reduce((sum, { Keys }) => sum + Keys.length, 0)],
    ['expression attribute values', itemSize({ M: input.ExpressionAttributeValues ?? {} })],
    ...keys.flatMap((key): Measured[] => [
      ['partition key', itemSize(key.pk ?? { S: '' })],
      ['sort key', itemSize(key.sk ?? { S: '' })],
    ]),
    ...expressions.map(([, text]): Measured => ['expression', bytes(text)]),
  ];
}

/** Bytes that DynamoDB counts for a value, by "DynamoDB item sizes and formats". */
function itemSize(value: Json): number {
  const [[type, content] = []] = Object.entries<Json>(value);
  if (type === 'M') {
    return Object.entries<Json>(content).reduce((sum, [name, one]) => sum + bytes(name) + itemSize(one) + 1, 3);
  }
  if (type === 'L') return content.reduce((sum: number, one: Json) => sum + itemSize(one) + 1, 3);
  if (type === 'S') return bytes(content);
  if (type === 'N') return Math.ceil(content.length / 2) + 1;
  if (type === 'B') return Buffer.byteLength(content, 'base64');
  if (type === 'SS') return content.reduce((sum: number, text: string) => sum + bytes(text), 3);
  return 1;
}

const bytes = (text: string): number => Buffer.byteLength(text);
