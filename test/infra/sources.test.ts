import { RemovalPolicy } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import type { SourcesProps } from '../../lib/infra/source.ts';
import { WITH_SOURCES, functionsOf, ofType, pointedAt, rightsOf, synthesize } from './synthesized.ts';

const { resources, outputs } = synthesize(WITH_SOURCES);
const idIn = (all: typeof resources, type: string, part: string) =>
  ofType(all, type).find(([id]) => id.includes(part))?.[0] ?? part;
const idOf = (type: string, part: string) => idIn(resources, type, part);
const [ordersId, refusedId] = ['Queueorders', 'SourceRefused'].map((part) => idOf('AWS::SQS::Queue', part)) as [
  string,
  string,
];

test('without sources nothing of them is in the template', () => {
  const plain = JSON.stringify(synthesize().resources);
  expect(plain).not.toMatch(/PostriderSource|POSTRIDER_SOURCE|POSTRIDER_REFUSED/);
  expect(JSON.stringify(synthesize({ sources: {} }).resources)).toBe(plain);
});

test('the other functions, alarms and queues are the same with sources', () => {
  const { resources: plain } = synthesize();
  const shared = ofType(resources, 'AWS::Lambda::Function').filter(([id]) => id in plain);
  expect(shared).toHaveLength(9);
  for (const [id, resource] of shared) expect(resource).toEqual(plain[id]);
});

test('an event stays in a queue of its own until it is accepted, and what can’t be worked ends among the refused', () => {
  const queue = resources[ordersId]?.Properties;
  expect(queue).toMatchObject({ VisibilityTimeout: 120, MessageRetentionPeriod: 864_000, SqsManagedSseEnabled: true });
  expect(queue.RedrivePolicy.maxReceiveCount).toBe(900);
  expect(pointedAt(queue.RedrivePolicy.deadLetterTargetArn)).toBe(refusedId);
  expect(resources[refusedId]?.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
});

test('its queues stay when the stack is deleted, with what is in them, and go only for who asks for it', () => {
  const policiesOf = (all: typeof resources) =>
    ofType(all, 'AWS::SQS::Queue')
      .filter(([id]) => id.startsWith('PostriderSource'))
      .map(([, { DeletionPolicy }]) => DeletionPolicy);
  expect(policiesOf(resources)).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate']);
  const throwaway = synthesize({ ...WITH_SOURCES, removalPolicy: RemovalPolicy.DESTROY });
  expect(policiesOf(throwaway.resources)).toEqual(['Delete', 'Delete']);
});

test('a rule puts what matches into that queue, and what it can’t put among the refused', () => {
  const rule = resources[idOf('AWS::Events::Rule', 'Ruleorders')]?.Properties;
  expect(rule).toMatchObject({
    EventBusName: 'shop',
    EventPattern: { source: ['com.example.shop'] },
    State: 'ENABLED',
  });
  const [target] = rule.Targets;
  expect([pointedAt(target.Arn), pointedAt(target.DeadLetterConfig.Arn)]).toEqual([ordersId, refusedId]);
  const allowed = ofType(resources, 'AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) =>
    Properties.PolicyDocument.Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service === 'events.amazonaws.com',
    ),
  );
  expect(allowed.map(({ Resource }) => pointedAt(Resource)).toSorted()).toEqual([ordersId, refusedId].toSorted());
  for (const { Condition } of allowed) expect(JSON.stringify(Condition)).toContain('aws:SourceArn');
});

test('each has an event source with full batches, partial failures and a concurrency of its own', () => {
  const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping')
    .filter(([id]) => id.startsWith('PostriderSource'))
    .map(([, { Properties }]) => Properties);
  expect(mappings.map(({ EventSourceArn }) => pointedAt(EventSourceArn)).toSorted()).toEqual(
    [ordersId, 'arn:aws:sqs:eu-central-1:123456789012:billing'].toSorted(),
  );
  for (const mapping of mappings) {
    expect(mapping).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  }
});

test('the function may do what ingest may, work these queues and send to the refused', () => {
  const consumed = [ordersId, 'arn:aws:sqs:eu-central-1:123456789012:billing'].flatMap((queue) =>
    ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} ${queue}`),
  );
  const own = [...consumed, `sqs:SendMessage ${refusedId}`];
  const ingest = rightsOf(resources, 'ingest');
  expect(rightsOf(resources, 'source').toSorted()).toEqual([...ingest, ...own].toSorted());
});

test('the function is told which queue is of which source', () => {
  const { POSTRIDER_SOURCE_QUEUES: told } = functionsOf(resources).source.Environment.Variables;
  const [separator, parts] = told['Fn::Join'];
  const names = parts.map((part: unknown) => (typeof part === 'string' ? part : 'the-name')).join(separator);
  expect(JSON.parse(names)).toEqual({ orders: 'the-name', billing: 'billing' });
});

test('the outputs name the queues', () => {
  expect(pointedAt(outputs.RefusedQueueUrl?.Value)).toBe(refusedId);
  expect(pointedAt(outputs.SourceQueueUrlorders?.Value)).toBe(ordersId);
});

test('one alarm looks at what was refused, and one of each source at how long its oldest message waits', () => {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `Postrider-${name}`);
  expect(named('refused')).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
  const age = { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 600, EvaluationPeriods: 5 };
  const watched = ['orders', 'billing'].map((name) => {
    const alarm = named(`sources-age-${name}`);
    expect(alarm).toMatchObject({ ...age, AlarmDescription: 'docs/runbook.md, section "sources-age"' });
    return pointedAt(alarm?.Dimensions[0].Value);
  });
  expect(watched).toEqual([ordersId, 'billing']);
});

test('queues and buses of the same app can be given as they are, and a queue’s own key may be used', () => {
  const { resources: own } = synthesize({}, (stack) => {
    const queue = new Queue(stack, 'Billing', { encryption: QueueEncryption.KMS });
    const eventBridge = { pattern: { source: ['a'] }, bus: new EventBus(stack, 'Bus') as IEventBus };
    const fields = [{ name: 'tenant_id', value: 't' }];
    void new Postrider(stack, 'Second', { sources: { billing: { queue }, orders: { eventBridge, fields } } });
  });
  const [, policy] = ofType(own, 'AWS::IAM::Policy').find(([id]) => id.startsWith('SecondSource')) ?? [];
  const rights = policy?.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
  expect(rights.filter(({ Action }) => Action === 'kms:Decrypt').map(({ Resource }) => pointedAt(Resource))).toEqual([
    idIn(own, 'AWS::KMS::Key', 'Billing'),
  ]);
  const [, rule] = ofType(own, 'AWS::Events::Rule').find(([id]) => id.includes('Ruleorders')) ?? [];
  expect(pointedAt(rule?.Properties.EventBusName)).toBe(idIn(own, 'AWS::Events::EventBus', 'Bus'));
});

describe('what can’t be a source is refused at synthesis', () => {
  const rule = { pattern: { source: ['a'] } };
  const fields = [{ name: 'tenant_id', value: 't' }];
  test.each<[string, SourcesProps, string]>([
    ['a name in capitals', { Orders: { queue: 'arn:aws:sqs:eu-central-1:1:a' } }, 'sources.Orders: a name is'],
    ['a bus without a tenant', { orders: { eventBridge: rule } }, 'sources.orders.fields must say the tenant'],
    ['a wrong field', { orders: { eventBridge: rule, fields: [{ name: 'x', value: 1 }] } }, 'must be one of type'],
    ['a FIFO queue', { orders: { queue: 'arn:aws:sqs:eu-central-1:1:a.fifo' } }, 'must be a standard queue'],
    [
      'eleven of them',
      Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`s${n}`, { eventBridge: rule, fields }])),
      'at most 10',
    ],
  ])('%s', (_, sources, why) => {
    expect(() => synthesize({ sources })).toThrow(why);
  });
});
