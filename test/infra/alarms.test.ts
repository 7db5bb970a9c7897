import { describe, expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import { QUEUE_RULES } from '../../lib/ports/queue-rules.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { logFiltersOf, matches } from './log-filters.ts';
import { entryOf, ofType, pointedAt, synthesize } from './synthesized.ts';

const { resources } = synthesize();
const { resources: both } = synthesize({}, (stack) => new Postrider(stack, 'Second'));
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `Postrider-${name}`);
const filters = logFiltersOf(resources);
describe('faults that a function answers with a partial batch failure, which is no error to Lambda', () => {
  test('raise an alarm when they recur within half an hour: a message that fails waits for 15 minutes at most', () => {
    expect(named('faults')).toMatchObject({
      Namespace: 'Postrider',
      MetricName: 'Postrider-faults',
      Statistic: 'Sum',
      Period: 300,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 6,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });
});

test.each(['dispatch', 'jobs'])('throttled invocations of %s raise an alarm', (entry) => {
  const alarm = named(`${entry}-throttles`);
  expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Throttles', Statistic: 'Sum', Threshold: 0 });
  expect(entryOf(pointedAt(alarm.Dimensions[0].Value))).toBe(entry);
});

test('throttling by DynamoDB raises an alarm, whichever function it stops', () => {
  const everyFunction = ofType(resources, 'AWS::Lambda::Function').map(([id]) => entryOf(id));
  const counting = filters.filter(
    ({ metric, pattern }) => metric === 'Postrider-faults' && matches(pattern, '{"fault":"throttled"}'),
  );
  expect(counting.map(({ entry }) => entry).toSorted()).toEqual(everyFunction.toSorted());
});

test.each([
  ['retries', 8 * 24],
  ['jobs', 1],
])('a message that waits too long in %s raises an alarm long before the queue drops it', (queue, hours) => {
  const alarm = named(`${queue}-age`);
  expect(alarm).toMatchObject({
    MetricName: 'ApproximateAgeOfOldestMessage',
    Statistic: 'Maximum',
    Threshold: hours * 3600,
  });
  expect(pointedAt(alarm.Dimensions[0].Value)).toBe(`queue ${queue}`);
  const { retentionSeconds } = QUEUE_RULES[queue as QueueName];
  expect(alarm.Threshold + 24 * 3600).toBeLessThan(retentionSeconds);
});

test.each([
  ['deliveries', 10],
  ['slow', 60],
])('a flood of one tenant does not raise %s-age: it looks at the messages of the others', (queue, minutes) => {
  const alarm = named(`${queue}-age`);
  expect(alarm).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessageInQuietGroups' });
  expect(alarm).toMatchObject({ Statistic: 'Maximum', Threshold: minutes * 60 });
  expect(pointedAt(alarm.Dimensions[0].Value)).toBe(`queue ${queue}`);
});

test('two services in one stack have alarms and metrics of their own', () => {
  const names = ofType(both, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName as string);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('Postrider-poison');
  expect(names).toContain('Postrider-Second-poison');
  const metrics = new Set(logFiltersOf(both).map(({ metric }) => metric));
  expect([...metrics].filter((metric) => metric.endsWith('-faults')).toSorted()).toEqual([
    'Postrider-Second-faults',
    'Postrider-faults',
  ]);
});
