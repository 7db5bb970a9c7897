import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { WITH_SOURCES, ofType, pointedAt, root, synthesize } from './synthesized.ts';

const { app, resources, outputs } = synthesize();
const { app: appWithSources, resources: withSources } = synthesize(WITH_SOURCES);
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const everyAlarm = ofType(withSources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `Postrider-${name}`);

describe('alarms', () => {
  test('and the sections of the runbook are the same list', () => {
    const sections = [...runbook.matchAll(/^### `([a-z0-9-]+)`$/gm)].map(([, name]) => name ?? '');
    const told = everyAlarm.map(({ AlarmName, AlarmDescription }) => {
      const [, section = ''] = /^docs\/runbook\.md, section "(.+)"$/.exec(AlarmDescription) ?? [];
      // The alarms of sources share one.
      expect(AlarmName).toMatch(section === 'sources-age' ? /^Postrider-sources-age-/ : `Postrider-${section}`);
      return section;
    });
    expect(sections.toSorted()).toEqual([...new Set(told)].toSorted());
  });

  test('one message in poison is enough', () => {
    const alarm = named('poison');
    expect(alarm).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      Period: 60,
    });
    expect(pointedAt(alarm.Dimensions[0].Value)).toBe('queue poison');
  });

  test('silence of sweep is a fault', () => {
    expect(named('sweep-not-running')).toMatchObject({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  test('all of them tell the topic that they are given', () => {
    const { resources: withTopic } = synthesize({}, (stack) =>
      stack.postrider.alarms.notify(new SnsAction(Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:1:ops'))),
    );
    const told = ofType(withTopic, 'AWS::CloudWatch::Alarm').map(([, resource]) => resource);
    expect(told).toHaveLength(alarms.length);
    for (const { Properties } of told) expect(Properties.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:1:ops']);
  });
});

describe('outputs', () => {
  const value = (name: string) => pointedAt(outputs[name]?.Value);

  test('name the API, the tables, every queue and the key', () => {
    expect(Object.keys(outputs).toSorted()).toEqual([
      'ApiUrl',
      'ConfigTableName',
      'DeliveriesQueueUrl',
      'ExhaustedQueueUrl',
      'FirstKeyCommand',
      'JobsQueueUrl',
      'LogTableName',
      'PoisonQueueUrl',
      'RedriveCommand',
      'RetriesQueueUrl',
      'SecretsKeyArn',
      'SlowQueueUrl',
    ]);
    expect(value('ApiUrl')).toMatch(/^PostriderApiHttpApi/);
    for (const name of ['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison']) {
      expect(value(`${name[0]?.toUpperCase()}${name.slice(1)}QueueUrl`)).toBe(`queue ${name}`);
    }
    expect([value('ConfigTableName'), value('LogTableName')]).toEqual(['table config', 'table log']);
  });

  test('give the commands for the first key and for a redrive, ready to be run', () => {
    expect(value('FirstKeyCommand')).toBe('npm run create-key -- --stack Postrider');
    expect(value('RedriveCommand')).toBe(
      'aws sqs start-message-move-task --source-arn queue exhausted --destination-arn queue retries',
    );
  });
});

describe('the AwsSolutions rules of cdk-nag', () => {
  test('find nothing that is not acknowledged with its reason', () => {
    for (const one of [app, appWithSources])
      expect(new AwsSolutionsChecks(one).validateScope(one).violations).toEqual([]);
  });

  test('are at work: they object to a bare queue', () => {
    const bare = new App({ outdir: tmpdir() });
    const queue = new Queue(new Stack(bare, 'Bare'), 'Queue');
    const rules = new AwsSolutionsChecks(bare).validateScope(queue).violations.map(({ ruleName }) => ruleName);
    expect(rules.toSorted()).toEqual(['AwsSolutions-SQS3', 'AwsSolutions-SQS4']);
  });

  test('are acknowledged on public routes alone', () => {
    const acknowledged = app.node
      .findAll()
      .filter((construct) => construct.node.metadata.some(({ type }) => type === 'aws:cdk:acknowledged-rules'));
    const paths = acknowledged.map(({ node }) => node.path.replace('Postrider/Postrider/Api/HttpApi/', ''));
    expect(paths.toSorted()).toEqual(['GET--v1--health', 'GET--v1--openapi.json']);
  });
});
