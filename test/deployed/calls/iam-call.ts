import type { FunctionRequest, Json } from './function-request.ts';

/** What IAM is asked about a request: may this caller do this to that. */
export interface IamCall {
  /** `dynamodb:PutItem` */
  action: string;
  /** An ARN. */
  resource: string;
  /** The partition keys that are touched: the condition key `dynamodb:LeadingKeys`. Absent for other services. */
  leadingKeys?: string[];
}

/** Where an ARN of the emulated account lies. */
const PLACE = 'us-east-1:000000000000';

/** Both tables call their partition key so (lib/adapters/dynamodb/layout/tables.ts). */
const PARTITION_KEY = 'pk';

/**
 * Every call that a request is to IAM: one for each table of a batch. A batch of SQS is the single call, as the pages
 * "Actions, resources, and condition keys for Amazon SQS" and "… for Amazon DynamoDB" of the service authorization
 * reference have them.
 * @throws Error for an operation that is not known here: add it, so that it is checked
 */
export function iamCalls({ service, operation, input }: FunctionRequest): IamCall[] {
  if (service === 'dynamodb') return tableCalls(operation, input);
  if (service === 'sqs')
    return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: queueArn(input.QueueUrl) }];
  return [{ action: `kms:${operation}`, resource: input.KeyId }];
}

function tableCalls(operation: string, input: Json): IamCall[] {
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [{ action, resource: tableArn(input.TableName), leadingKeys: [keyText(input.Key[PARTITION_KEY])] }];
    case 'PutItem':
      return [{ action, resource: tableArn(input.TableName), leadingKeys: [keyText(input.Item[PARTITION_KEY])] }];
    case 'Query':
      return [{ action, resource: tableArn(input.TableName, input.IndexName), leadingKeys: [queriedKey(input)] }];
    case 'BatchGetItem':
      return Object.entries<Json>(input.RequestItems).map(([table, { Keys }]) => ({
        action,
        resource: tableArn(table),
        leadingKeys: Keys.map((key: Json) => keyText(key[PARTITION_KEY])),
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
