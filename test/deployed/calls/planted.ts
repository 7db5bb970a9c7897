import type { FunctionRequest, Json } from './function-request.ts';
import type { PhysicalIds, Template } from './template-rights.ts';

/** A small stack, whose one function works a queue and keeps what it reads in a table. */
export const PHYSICAL_IDS: PhysicalIds = {
  Worker: 'stack-worker',
  Table: 'stack-table',
  Queue: 'http://sqs.test/000000000000/stack-queue',
};

const arn = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });

export const WORKER_STATEMENTS: Json[] = [
  { Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:GetItem'], Resource: arn('Table') },
  { Effect: 'Allow', Action: 'dynamodb:Query', Resource: { 'Fn::Join': ['', [arn('Table'), '/index/by_time']] } },
  { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('Queue') },
];

export function stackTemplate({
  statements = WORKER_STATEMENTS,
  worker = {} as Json,
  table = {} as Json,
} = {}): Template {
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: statements } },
      },
      Worker: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role'), ...worker } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          ...table,
        },
      },
    },
  };
}

const NOW = Date.UTC(2026, 0, 1);

/** A request of the worker. */
export function requestOf(
  target: Pick<FunctionRequest, 'service' | 'operation'>,
  input: Json,
  received: string[] = [],
): FunctionRequest {
  return { caller: { functionName: 'stack-worker', startedAt: NOW, received }, ...target, input, at: NOW + 1000 };
}
