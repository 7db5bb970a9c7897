/** A request that a function made to AWS, as its SDK sent it. */
export interface FunctionRequest {
  caller: Invocation;
  service: 'dynamodb' | 'sqs' | 'kms';
  /** As the API calls it: `PutItem`. */
  operation: string;
  input: Json;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

/** The invocation that a request was made in. */
export interface Invocation {
  /** The function's name in the account. */
  functionName: string;
  /** Milliseconds since the Unix epoch: when the function was called. */
  startedAt: number;
  /** The ids of the SQS messages that it was called with. */
  received: string[];
}

// What a service was asked and what it answered, of which each check looks at what it needs.
export type Json = any;

const SERVICES: Record<string, FunctionRequest['service']> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  TrentService: 'kms',
};

/** @param target the header `X-Amz-Target` of AWS's JSON protocols; undefined where it names no service known here */
export function parseTarget(target: string): Pick<FunctionRequest, 'service' | 'operation'> | undefined {
  const [prefix = '', operation = ''] = target.split('.');
  const service = SERVICES[prefix];
  return service && operation !== '' ? { service, operation } : undefined;
}
