import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import { newApp, synthesize } from './synthesized.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:alerts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

test('the function that tells alerts may publish to the operator’s topic, and nothing else may', () => {
  const stack = new Stack(newApp(), 'Example');
  new Postrider(stack, 'Postrider', { alertsTopic: Topic.fromTopicArn(stack, 'Topic', ARN) });
  const template = Template.fromStack(stack);
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
  const publishing = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('sns:')));
  expect(publishing).toMatchObject([{ Action: 'sns:Publish', Resource: ARN }]);
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const told = functions.filter(({ Properties }) => Properties.Environment?.Variables.POSTRIDER_ALERTS_TOPIC_ARN);
  expect(told.map(({ Properties }) => Properties.Description)).toEqual([
    expect.stringContaining('works through a job'),
  ]);
});

test('without a topic, no function has a right or a variable for one', () => {
  expect(JSON.stringify(synthesize().resources)).not.toMatch(/sns:|POSTRIDER_ALERTS_TOPIC_ARN/);
});
