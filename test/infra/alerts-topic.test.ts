import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import { ofType, synthesize } from './synthesized.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:alerts';

/** A service without a topic, and one that has one. */
const { resources } = synthesize({}, (stack) => {
  return new Postrider(stack, 'Second', { alertsTopic: Topic.fromTopicArn(stack, 'Topic', ARN) });
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

test('the function that tells alerts may publish to the operator’s topic, and nothing else may', () => {
  const statements = ofType(resources, 'AWS::IAM::Policy').flatMap(
    ([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[],
  );
  const publishing = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('sns:')));
  expect(publishing).toMatchObject([{ Action: 'sns:Publish', Resource: ARN }]);
});

test('the same function alone is told which topic it is, and none where there is no topic', () => {
  const told = ofType(resources, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties.Environment?.Variables.POSTRIDER_ALERTS_TOPIC_ARN === ARN,
  );
  expect(told.map(([id]) => id)).toEqual([expect.stringMatching(/^SecondJobs/)]);
});
