import { describe, expect, test } from 'vitest';
import { CallLedger, type NotedCall } from './call-ledger.ts';
import { callsWithoutRight, rightsWithoutCall } from './compare-rights.ts';
import { type FunctionRequest, type Json, parseRequest } from './function-request.ts';
import { PHYSICAL_IDS, WORKER_STATEMENTS, requestOf, stackTemplate } from './planted.ts';
import { keyArn } from './iam-call.ts';
import { asSource, byLogicalIds, logicalIds } from './logical-calls.ts';
import { rightsOfLambda } from './rights-of-lambda.ts';
import { rightsOf } from './template-rights.ts';

const rights = (statements = WORKER_STATEMENTS) => rightsOf(stackTemplate({ statements }), PHYSICAL_IDS);
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'a' } });
const dynamo = (operation: string, input: Json) => requestOf({ service: 'dynamodb', operation }, input);
const query = {
  TableName: 'stack-table',
  IndexName: 'by_time',
  KeyConditionExpression: '#pk = :pk AND #sk < :end',
  ExpressionAttributeValues: { ':pk': { S: 'TIME#1' }, ':end': { S: 'z' } },
};
/** Uses each right of the template once. */
const ALL = [
  dynamo('PutItem', { TableName: 'stack-table', Item: key('TENANT#a') }),
  dynamo('GetItem', { TableName: 'stack-table', Key: key('TENANT#a') }),
  dynamo('Query', query),
  requestOf({ service: 'sqs', operation: 'SendMessageBatch' }, { QueueUrl: PHYSICAL_IDS.Queue, Entries: [] }),
];

function noted(
  requests: readonly FunctionRequest[],
  answer: { status: number; body: Json } = { status: 200, body: {} },
) {
  const ledger = new CallLedger();
  for (const request of requests) ledger.note(request, answer);
  return ledger.record;
}
const calls = (requests = ALL): NotedCall[] => noted(requests).calls;

const mailOf = (FromEmailAddress: string) => ({
  input: { FromEmailAddress, Destination: { ToAddresses: ['ops@c.test'] } },
});

describe('rights and calls', () => {
  test('agree when each call has its right and each right its call', () => {
    expect(callsWithoutRight(calls(), rights())).toEqual([]);
    expect(rightsWithoutCall(calls(), rights())).toEqual([]);
  });

  test('a planted missing right is found', () => {
    const without = WORKER_STATEMENTS.filter(({ Action }) => Action !== 'sqs:SendMessage');
    expect(callsWithoutRight(calls(), rights(without))).toEqual([
      'stack-worker calls sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:stack-queue without a right',
    ]);
  });

  test('the right to a table is none to its index', () => {
    const onTable = WORKER_STATEMENTS.map((one) =>
      one.Action === 'dynamodb:Query' ? { ...one, Resource: WORKER_STATEMENTS[0].Resource } : one,
    );
    expect(callsWithoutRight(calls(), rights(onTable))).toHaveLength(1);
  });

  test('a planted right that nothing uses is found', () => {
    expect(rightsWithoutCall(calls(ALL.slice(1)), rights())).toEqual([
      'stack-worker may dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/stack-table and never did',
    ]);
  });

  const limitedTo = (...partitions: string[]) => ({
    ...WORKER_STATEMENTS[0],
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
  });
  const ofKey = dynamo('GetItem', { TableName: 'stack-table', Key: key('KEY#1') });

  test('a right for some partition keys is none for others', () => {
    const limited = rights([limitedTo('TENANT#*'), ...WORKER_STATEMENTS.slice(1)]);
    expect(callsWithoutRight(calls(), limited)).toEqual([]);
    expect(callsWithoutRight(calls([...ALL, ofKey]), limited)).toEqual([
      'stack-worker calls dynamodb:GetItem on arn:aws:dynamodb:us-east-1:000000000000:table/stack-table for KEY#1 without a right',
    ]);
  });

  test('a right for some partition keys is one for those with a line feed, too', () => {
    const ofLines = dynamo('GetItem', { TableName: 'stack-table', Key: key('TENANT#a\nb') });
    expect(callsWithoutRight(calls([ofLines]), rights([limitedTo('TENANT#*')]))).toEqual([]);
  });

  test('two requests for different keys may have a right each; one for both needs a right to both', () => {
    const ofTenant = ALL[1] as FunctionRequest;
    const either = rights([limitedTo('TENANT#*'), limitedTo('KEY#*')]);
    expect(callsWithoutRight(calls([ofTenant, ofKey]), either)).toEqual([]);
    const both = dynamo('BatchGetItem', { RequestItems: { 'stack-table': { Keys: [key('TENANT#a'), key('KEY#1')] } } });
    const read = (...partitions: string[]) => ({ ...limitedTo(...partitions), Action: 'dynamodb:BatchGetItem' });
    expect(callsWithoutRight(calls([both]), rights([read('TENANT#*'), read('KEY#*')]))).toHaveLength(1);
    expect(callsWithoutRight(calls([both]), rights([read('TENANT#*', 'KEY#*')]))).toEqual([]);
  });

  test('a right to change some attributes is none for others, and of a path the first counts', () => {
    const change = (UpdateExpression: string, ConditionExpression = 'attribute_exists(#pk)') =>
      dynamo('UpdateItem', {
        TableName: 'stack-table',
        Key: key('TENANT#a'),
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames: { '#pk': 'pk', '#health': 'health', '#failures': 'failures', '#quota': 'quota' },
      });
    const keys = { 'dynamodb:LeadingKeys': ['TENANT#*'], 'dynamodb:Attributes': ['pk', 'sk', 'hea*'] };
    const statement = { ...WORKER_STATEMENTS[0], Action: 'dynamodb:UpdateItem' };
    const limited = rights([{ ...statement, Condition: { 'ForAllValues:StringLike': keys } }]);
    expect(callsWithoutRight(calls([change('SET #health.#failures = :n')]), limited)).toEqual([]);
    const place = 'arn:aws:dynamodb:us-east-1:000000000000:table/stack-table';
    const refused = `stack-worker calls dynamodb:UpdateItem on ${place} for TENANT#a, health, pk, quota, sk without a right`;
    expect(callsWithoutRight(calls([change('SET #health = :n, #quota = :q')]), limited)).toEqual([refused]);
    expect(callsWithoutRight(calls([change('SET #health = :n', '#quota < :q')]), limited)).toEqual([refused]);
  });

  test('a right to a key for a context is none for another, and none without one', () => {
    const decrypt = (EncryptionContext?: object) =>
      requestOf({ service: 'kms', operation: 'Decrypt' }, { KeyId: keyArn('key'), EncryptionContext });
    const Condition = { StringEquals: { 'kms:EncryptionContext:service': 'postrider' } };
    const limited = rights([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: keyArn('key'), Condition }]);
    expect(callsWithoutRight(calls([decrypt({ service: 'postrider' })]), limited)).toEqual([]);
    expect(callsWithoutRight(calls([decrypt({ service: 'other' })]), limited)).toHaveLength(1);
    expect(callsWithoutRight(calls([decrypt()]), limited)).toHaveLength(1);
  });

  test('a condition that compares for equality takes a pattern by its letters', () => {
    const get = dynamo('GetItem', { TableName: 'stack-table', Key: key('TENANT#a') });
    const equal = (value: string) => [
      { ...WORKER_STATEMENTS[0], Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [value] } } },
    ];
    expect(callsWithoutRight(calls([get]), rights(equal('TENANT#a')))).toEqual([]);
    expect(callsWithoutRight(calls([get]), rights(equal('TENANT#*')))).toHaveLength(1);
    expect(callsWithoutRight(calls([get]), rights([limitedTo('TENANT#?')]))).toEqual([]);
    expect(callsWithoutRight(calls([get]), rights([limitedTo('TENANT#a?')]))).toHaveLength(1);
  });

  test('a right to change some attributes of an item is none to put one that has others', () => {
    const put = (attribute: string) =>
      dynamo('PutItem', { TableName: 'stack-table', Item: { ...key('TENANT#a'), [attribute]: { S: 'a' } } });
    const only = { 'ForAllValues:StringLike': { 'dynamodb:Attributes': ['pk', 'sk', 'health'] } };
    const limited = rights([{ ...WORKER_STATEMENTS[0], Condition: only }]);
    expect(callsWithoutRight(calls([put('health')]), limited)).toEqual([]);
    expect(callsWithoutRight(calls([put('quota')]), limited)).toHaveLength(1);
  });

  test('Lambda receives from the queues that it works for a function, and writes to its log group, and to no others', () => {
    const template = stackTemplate({ worker: { LoggingConfig: { LogGroup: { Ref: 'Lines' } } } });
    const source = { FunctionName: { Ref: 'Worker' }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } };
    Object.assign(template.Resources, {
      Lines: { Type: 'AWS::Logs::LogGroup', Properties: {} },
      Works: { Type: 'AWS::Lambda::EventSourceMapping', Properties: source },
    });
    const ids = { ...PHYSICAL_IDS, Lines: 'lines', Other: 'other' };
    const may = (Action: string, id: string) => ({ Effect: 'Allow', Action, Resource: { 'Fn::GetAtt': [id, 'Arn'] } });
    const unused = (...statements: Json[]) => {
      const own = stackTemplate({ statements }).Resources.Policy as Json;
      const all = {
        Resources: { ...template.Resources, Policy: own, Other: { Type: 'AWS::SQS::Queue', Properties: {} } },
      };
      return rightsWithoutCall([], rightsOf(all, ids), rightsOfLambda(all, ids));
    };
    expect(unused(may('sqs:ReceiveMessage', 'Queue'), may('logs:PutLogEvents', 'Lines'))).toEqual([]);
    expect(unused(may('sqs:ReceiveMessage', 'Other'))).toHaveLength(1);
    expect(unused(may('sqs:PurgeQueue', 'Queue'))).toHaveLength(1);
    expect(unused(may('logs:PutLogEvents', 'Queue'))).toHaveLength(1);
  });

  test('calls of two stacks of one template count together, by logical ids, and those of other stacks do not', () => {
    const template = stackTemplate();
    const ofTemplate = rightsOf(template, logicalIds(template));
    const [first, second] = [ALL.slice(0, 2), ALL.slice(2)].map((some) => byLogicalIds(calls(some), PHYSICAL_IDS));
    expect(rightsWithoutCall(first ?? [], ofTemplate)).toEqual([
      'Worker may dynamodb:Query on arn:aws:dynamodb:us-east-1:000000000000:table/Table/index/by_time and never did',
      'Worker may sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:Queue and never did',
    ]);
    expect(rightsWithoutCall([...(first ?? []), ...(second ?? [])], ofTemplate)).toEqual([]);
    expect(byLogicalIds(calls(), { Worker: 'other-worker' })).toEqual([]);
  });

  test('what ingest called, sources may call, too', () => {
    const template = { Resources: { PostriderIngestFunctionA: { Type: '' }, PostriderSourceFunctionB: { Type: '' } } };
    const [call] = byLogicalIds(calls(), { ...PHYSICAL_IDS, PostriderIngestFunctionA: 'stack-worker', Worker: 'none' });
    expect(call?.functionName).toBe('PostriderIngestFunctionA');
    expect(asSource([call as NotedCall], template)).toEqual([{ ...call, functionName: 'PostriderSourceFunctionB' }]);
    expect(asSource([call as NotedCall], { Resources: {} })).toEqual([]);
  });

  test('a topic is published to by a request that is a form, and its refusal is XML', () => {
    const arn = 'arn:aws:sns:us-east-1:000000000000:alerts';
    const form = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: arn, Message: 'm' });
    const type = 'application/x-www-form-urlencoded';
    const asked = parseRequest({ path: '/', target: '', type, body: String(form) });
    expect(asked).toEqual({ service: 'sns', operation: 'Publish', input: { TopicArn: arn, Message: 'm' } });
    const published = { ...requestOf({ service: 'sns', operation: 'Publish' }, {}), ...asked };
    const statement = { Effect: 'Allow', Action: 'sns:Publish', Resource: arn };
    expect(callsWithoutRight(calls([published]), rights([statement]))).toEqual([]);
    expect(callsWithoutRight(calls([published]), rights([{ ...statement, Resource: `${arn}s` }]))).toHaveLength(1);
    const body = { __type: 'AuthorizationError', message: 'no policy allows it' };
    expect(noted([published], { status: 403, body }).refused).toHaveLength(1);
  });

  test('a right to mail is one for its identity and its sender alone', () => {
    const mail = (FromEmailAddress: string) => {
      const path = '/v2/email/outbound-emails';
      const asked = parseRequest({ path, target: '', type: 'application/json', body: '{}' });
      return { ...requestOf({ service: 'ses', operation: 'SendEmail' }, {}), ...asked, ...mailOf(FromEmailAddress) };
    };
    const Resource = {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':ses:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ':identity/a.test',
        ],
      ],
    };
    const Condition = { StringEquals: { 'ses:FromAddress': 'hooks@a.test' } };
    const limited = rights([{ Effect: 'Allow', Action: 'ses:SendEmail', Resource, Condition }]);
    expect(callsWithoutRight(calls([mail('hooks@a.test')]), limited)).toEqual([]);
    expect(rightsWithoutCall(calls([mail('hooks@a.test')]), limited)).toEqual([]);
    expect(callsWithoutRight(calls([mail('other@a.test')]), limited)).toHaveLength(1);
    expect(callsWithoutRight(calls([mail('hooks@b.test')]), limited)).toHaveLength(1);
    expect(rightsWithoutCall(calls([mail('other@a.test')]), limited)).toEqual([
      'stack-worker may ses:SendEmail on arn:aws:ses:us-east-1:000000000000:identity/a.test and never did',
    ]);
  });

  test('a right for partition keys that no call was about is found, alone or beside others', () => {
    const used = [ALL[0], ALL[1]] as FunctionRequest[];
    const place = 'arn:aws:dynamodb:us-east-1:000000000000:table/stack-table';
    const touched = `stack-worker may call on the partitions KEY#* of ${place} and never did`;
    expect(rightsWithoutCall(calls(used), rights([limitedTo('TENANT#*')]))).toEqual([]);
    expect(rightsWithoutCall(calls(used), rights([limitedTo('TENANT#*', 'KEY#*')]))).toEqual([touched]);
    expect(rightsWithoutCall(calls(used), rights([limitedTo('TENANT#*'), limitedTo('KEY#*')]))).toEqual([
      `stack-worker may dynamodb:PutItem on ${place} and never did`,
      `stack-worker may dynamodb:GetItem on ${place} and never did`,
      touched,
    ]);
  });

  test('a batch that reads two tables needs a right to both', () => {
    const RequestItems = { 'stack-table': { Keys: [key('a')] }, other: { Keys: [key('b')] } };
    const batch = dynamo('BatchGetItem', { RequestItems });
    expect(callsWithoutRight(calls([batch]), rights()).map((text) => text.includes('table/other'))).toEqual([
      false,
      true,
    ]);
  });

  test('what can’t be judged is no right: a deny, actions by a pattern, another condition, a managed policy, an unknown operation', () => {
    const [first] = WORKER_STATEMENTS;
    expect(() => rights([{ ...first, Effect: 'Deny' }])).toThrow('denies');
    expect(() => rights([{ ...first, Action: ['dynamodb:GetItem', 'dynamodb:*'] }])).toThrow('name the actions');
    expect(() => rights([{ ...first, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }])).toThrow('not judged');
    const managed = stackTemplate();
    managed.Resources.Role = {
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/A'] },
    };
    expect(() => rightsOf(managed, PHYSICAL_IDS)).toThrow('managed');
    expect(() => calls([dynamo('Scan', { TableName: 'stack-table' })])).toThrow('dynamodb:Scan is not known');
  });

  test('a refusal is noted with what was asked for', () => {
    const body = { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'no policy allows it' };
    expect(noted([ALL[0] as FunctionRequest], { status: 400, body }).refused).toEqual([
      expect.stringContaining('stack-worker was refused dynamodb:PutItem'),
    ]);
  });
});
