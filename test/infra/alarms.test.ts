import { describe, expect, test } from 'vitest';
import { Postrider } from '../../lib/infra/postrider.ts';
import { QUEUE_RULES } from '../../lib/ports/queue-rules.ts';
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

test('a message that waits too long in jobs raises an alarm long before the queue drops it', () => {
  const alarm = named('jobs-age');
  expect(alarm).toMatchObject({
    MetricName: 'ApproximateAgeOfOldestMessage',
    Statistic: 'Maximum',
    Threshold: 3600,
  });
  expect(pointedAt(alarm.Dimensions[0].Value)).toBe('queue jobs');
  expect(alarm.Threshold + 24 * 3600).toBeLessThan(QUEUE_RULES.jobs.retentionSeconds);
});

test('a retry that nobody receives raises an alarm by its record: SQS leaves what was received three times out of ages', () => {
  expect(named('retries-age')).toBeUndefined();
  const overdue = filters.filter(({ pattern }) => matches(pattern, '{"event":"sweep.overdue"}'));
  expect(overdue.map(({ entry, metric }) => [entry, metric])).toEqual([['sweep', 'Postrider-sweep-behind']]);
  expect(named('sweep-behind')).toMatchObject({ MetricName: 'Postrider-sweep-behind', Threshold: 0 });
});

test.each(['deliveries', 'retries'])('%s raises an alarm at four fifths of what may be in flight', (queue) => {
  const alarm = named(`${queue}-in-flight`);
  expect(alarm).toMatchObject({
    MetricName: 'ApproximateNumberOfMessagesNotVisible',
    Threshold: 96_000,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  expect(pointedAt(alarm.Dimensions[0].Value)).toBe(`queue ${queue}`);
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
