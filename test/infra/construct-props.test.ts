import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import { WITH_SOURCES, newApp, ofType, root, synthesize } from './synthesized.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('docs/construct.md has every property of the construct, and no other', () => {
  const [, table = ''] = /## Properties\n(.*?)\n\[sizing\]/s.exec(read('docs/construct.md')) ?? [];
  const listed = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
  const names = [...read('lib/infra/postrider-props.ts').matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(listed.toSorted()).toEqual(names.toSorted());
});

test('every property has a description', () => {
  const source = read('lib/infra/postrider-props.ts');
  const [, body = ''] = /interface PostriderProps \{\n(.*)\n\}/s.exec(source) ?? [];
  // `dataCheck` shares that of `unknownTypes`.
  const bare = [...body.matchAll(/(?<!\*\/)\n {2}(\w+)\?:/g)].map(([, name]) => name);
  expect(bare).toEqual(['dataCheck']);
});

test('a property that says the default changes nothing', () => {
  const said = synthesize({
    corsOrigins: [],
    tracing: false,
    rollout: 'replace',
    dashboard: true,
    logTtlDays: 30,
    dueShards: 4,
    egress: { kind: 'lambda' },
  });
  expect(said.resources).toEqual(synthesize().resources);
});

test('the topic is told of every alarm, those of sources too', () => {
  const { resources } = synthesize({
    ...WITH_SOURCES,
    alarmTopic: Topic.fromTopicArn(new Stack(), 'Topic', 'arn:aws:sns:eu-west-1:1:ops'),
  });
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
  expect(alarms.map(([, { Properties }]) => Properties.AlarmName)).toContain('Postrider-sources-age-billing');
  for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:1:ops']);
});

test('in a stack of another app, addOutputs adds the outputs that the commands read', () => {
  const app = newApp({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Platform');
  const service = new Postrider(stack, 'Webhooks');
  void new CfnOutput(stack, 'Other', { value: 'x' });
  service.addOutputs();
  const outputs = Object.keys(Template.fromStack(stack).toJSON()['Outputs'] as object);
  expect(outputs.toSorted()).toEqual([...Object.keys(synthesize().outputs), 'Other'].toSorted());
  expect(() => service.addOutputs()).toThrow('ApiUrl');
});
