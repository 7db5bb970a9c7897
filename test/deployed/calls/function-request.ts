/** A request that a function made to AWS, as its SDK sent it. */
export interface FunctionRequest {
  caller: Invocation;
  service: 'dynamodb' | 'sqs' | 'kms' | 'sns' | 'ses';
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

/** The API version that each request of AWS's query protocol has, with its operation, in the form that is its body. */
const QUERY_SERVICES: Record<string, FunctionRequest['service']> = { '2010-03-31': 'sns' };

/** The paths of AWS's REST protocols. */
const REST_OPERATIONS: Record<string, Pick<FunctionRequest, 'service' | 'operation'>> = {
  '/v2/email/outbound-emails': { service: 'ses', operation: 'SendEmail' },
};

type Asked = Pick<FunctionRequest, 'service' | 'operation' | 'input'>;

/** A request as HTTP has it. */
export interface HttpRequest {
  path: string;
  /** The header `X-Amz-Target` of AWS's JSON protocols. */
  target: string;
  /** The header `Content-Type`. */
  type: string;
  body: string;
}

/** What a request asks of which service; undefined where it is none that is known here. */
export function parseRequest({ path, target, type, body }: HttpRequest): Asked | undefined {
  if (type.startsWith('application/x-www-form-urlencoded'))
    return parseForm(Object.fromEntries(new URLSearchParams(body)));
  const found = REST_OPERATIONS[path] ?? parseTarget(target);
  return found && { ...found, input: JSON.parse(body || '{}') };
}

function parseForm({ Action: operation = '', Version = '', ...input }: Record<string, string>): Asked | undefined {
  const service = QUERY_SERVICES[Version];
  return service && { service, operation, input };
}

function parseTarget(target: string): Pick<FunctionRequest, 'service' | 'operation'> | undefined {
  const [prefix = '', operation = ''] = target.split('.');
  const service = SERVICES[prefix];
  return service && operation !== '' ? { service, operation } : undefined;
}
