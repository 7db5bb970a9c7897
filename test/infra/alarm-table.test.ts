import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Resource, WITH_SOURCES, entryOf, ofType, pointedAt, root, synthesize } from './synthesized.ts';

const { resources } = synthesize(WITH_SOURCES);
type Properties = Resource['Properties'];

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'more than',
  LessThanThreshold: 'less than',
};

/** A row of the runbook's table: what is looked at, and when the alarm rises. */
function rowOf(alarm: Properties): string[] {
  const [, section = ''] = /section "(.+)"$/.exec(alarm.AlarmDescription) ?? [];
  return [`[\`${section}\`](#${section})`, metricOf(alarm), periodOf(alarm), whenOf(alarm)];
}

function metricOf({ MetricName, Namespace, Dimensions = [] }: Properties): string {
  const [{ Value } = { Value: '' }] = Dimensions;
  const about = Value === '' || Value === 'Postrider' ? '' : ` of ${nameOf(pointedAt(Value))}`;
  return `${Namespace.replace('AWS/', '')} \`${MetricName.replace(/^Postrider-/, '')}\`${about}`;
}

/** A queue that has no name of ours is a source's, or that of what sources sent in vain. */
function nameOf(id: string): string {
  if (id.startsWith('queue ')) return id.replace('queue ', '');
  if (id.includes('HttpApi')) return 'the API';
  if (id.includes('Refused')) return 'refused';
  return resources[id]?.Type === 'AWS::Lambda::Function' ? entryOf(id) : 'a source';
}

function periodOf({ Statistic, ExtendedStatistic, Period }: Properties): string {
  return `${Statistic ?? ExtendedStatistic} of ${Period / 60} min`;
}

function whenOf(alarm: Properties): string {
  const { ComparisonOperator, Threshold, EvaluationPeriods: periods, TreatMissingData } = alarm;
  const needed = alarm.DatapointsToAlarm ?? periods;
  const missing = TreatMissingData === 'breaching' ? ', or no data' : '';
  return `${SIGNS[ComparisonOperator]} ${Threshold.toLocaleString('en')}${missing}, ${needed} of ${periods}`;
}

test('the runbook’s table says of each alarm what it looks at and when it rises, as the template has it', () => {
  const rows = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => rowOf(Properties));
  const distinct = [...new Set(rows.map((row) => row.join(' | ')))];
  const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const [, table = ''] = /## When each alarm rises\n(.*?)\n## /s.exec(page) ?? [];
  const written = [...table.matchAll(/^\| (\[.+) \|$/gm)].map(([, row = '']) => row.split(/ +\| /).join(' | ').trim());
  expect(written.toSorted()).toEqual(distinct.toSorted());
});
