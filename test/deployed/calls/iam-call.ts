import type { FunctionRequest, Json } from './function-request.ts';

/** What IAM is asked about a request: may this caller do this to that. */
export interface IamCall {
  /** `dynamodb:PutItem` */
  action: string;
  /** An ARN. */
  resource: string;
  context: CallContext;
}

/** The values of the condition keys that a request has, by their names in the service authorization reference. */
export type CallContext = Readonly<Record<string, readonly string[]>>;

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
/** Where an ARN of the emulated account lies. */
const PLACE = `${REGION}:${ACCOUNT}`;
/** What CloudFormation puts in the place of these, where a template has them in an ARN. */
export const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
};

/** Both tables call their keys so (lib/adapters/dynamodb/layout/tables.ts). */
const PARTITION_KEY = 'pk';
const SORT_KEY = 'sk';
export const LEADING_KEYS = 'dynamodb:LeadingKeys';

/**
 * Every call that a request is to IAM: one for each table of a batch. A batch of SQS is the single call, as the pages
 * "Actions, resources, and condition keys for Amazon SQS" and "… for Amazon DynamoDB" of the service authorization
 * reference have them.
 * @throws Error for an operation that is not known here: add it, so that it is checked
 */
export function iamCalls({ service, operation, input }: FunctionRequest): IamCall[] {
  if (service === 'dynamodb') return tableCalls(operation, input);
  if (service === 'sqs')
    return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: queueArn(input.QueueUrl), context: {} }];
  if (service === 'sns') return [{ action: `sns:${operation}`, resource: input.TopicArn, context: {} }];
  if (service === 'ses') return [mailCall(operation, input)];
  return [{ action: `kms:${operation}`, resource: input.KeyId, context: encryptionContext(input) }];
}

/** On the identity that SES has verified: the domain of the sender (test/deployed/cloud/surroundings.ts). */
function mailCall(operation: string, { FromEmailAddress: from = '' }: Json): IamCall {
  const resource = `arn:aws:ses:${PLACE}:identity/${from.slice(from.lastIndexOf('@') + 1)}`;
  return { action: `ses:${operation}`, resource, context: { 'ses:FromAddress': [from] } };
}

function encryptionContext({ EncryptionContext = {} }: Json): CallContext {
  const entries = Object.entries<string>(EncryptionContext);
  return Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]]));
}

function tableCalls(operation: string, input: Json): IamCall[] {
  const action = `dynamodb:${operation}`;
  const resource = tableArn(input.TableName ?? '', input.IndexName);
  switch (operation) {
    case 'GetItem':
    case 'DeleteItem':
      return [{ action, resource, context: { [LEADING_KEYS]: [keyText(input.Key[PARTITION_KEY])] } }];
    case 'UpdateItem': {
      const keys = { [LEADING_KEYS]: [keyText(input.Key[PARTITION_KEY])] };
      return [{ action, resource, context: { ...keys, 'dynamodb:Attributes': namedAttributes(input) } }];
    }
    case 'PutItem': {
      const keys = { [LEADING_KEYS]: [keyText(input.Item[PARTITION_KEY])] };
      const attributes = new Set([...Object.keys(input.Item), ...namedAttributes(input)]);
      return [{ action, resource, context: { ...keys, 'dynamodb:Attributes': [...attributes] } }];
    }
    case 'Query':
      return [{ action, resource, context: { [LEADING_KEYS]: [queriedKey(input)] } }];
    case 'BatchGetItem':
      return Object.entries<Json>(input.RequestItems).map(([table, { Keys }]) => ({
        action,
        resource: tableArn(table),
        context: { [LEADING_KEYS]: Keys.map((key: Json) => keyText(key[PARTITION_KEY])) },
      }));
    case 'BatchWriteItem':
      return Object.entries<Json>(input.RequestItems).map(([table, requests]) => ({
        action,
        resource: tableArn(table),
        context: {
          [LEADING_KEYS]: requests.map(({ DeleteRequest }: Json) => keyText(DeleteRequest.Key[PARTITION_KEY])),
        },
      }));
    default:
      throw new Error(`${action} is not known to the checks of test/deployed/calls.`);
  }
}

/** The value of the first `name = :value` of a key condition, which the partition key always is. */
function queriedKey({ KeyConditionExpression, ExpressionAttributeValues }: Json): string {
  const [, variable] = /[#\w]+\s*=\s*(:\w+)/.exec(KeyConditionExpression) ?? [];
  if (variable === undefined) throw new Error(`No partition key is asked for in ${KeyConditionExpression}`);
  return keyText(ExpressionAttributeValues[variable]);
}

/** The attributes of an item that a change names: of a path, the first. */
function namedAttributes({ UpdateExpression = '', ConditionExpression = '', ExpressionAttributeNames = {} }: Json) {
  const paths = `${UpdateExpression} ${ConditionExpression}`.matchAll(/(?<![.\w])#\w+/g);
  const named = [...paths].map(([placeholder]): string => ExpressionAttributeNames[placeholder] ?? placeholder);
  return [...new Set([PARTITION_KEY, SORT_KEY, ...named])];
}

const keyText = (value: { S?: string; N?: string }): string => value.S ?? value.N ?? '';

export function tableArn(table: string, index?: string): string {
  const own = table.startsWith('arn:') ? table : `arn:aws:dynamodb:${PLACE}:table/${table}`;
  return index === undefined ? own : `${own}/index/${index}`;
}

/** @param url of the queue: its name stands last */
export function queueArn(url: string): string {
  return `arn:aws:sqs:${PLACE}:${url.slice(url.lastIndexOf('/') + 1)}`;
}

export const keyArn = (id: string) => `arn:aws:kms:${PLACE}:key/${id}`;
export const logGroupArn = (name: string) => `arn:aws:logs:${PLACE}:log-group:${name}:*`;
