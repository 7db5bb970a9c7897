import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idleCost } from '../../bench/idle-cost.ts';
import { ASSUMPTIONS } from '../../bench/prices.ts';
import { functionsOf, ofType, root, synthesize } from './synthesized.ts';

const { resources } = synthesize();
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const sweep = functionsOf(resources).sweep;
/** An alarm on an expression pays for each metric in it. */
const metricsOf = ({ Metrics = [] }: (typeof alarms)[number]) =>
  Math.max(1, Metrics.filter((metric: object) => 'MetricStat' in metric).length);

const cost = idleCost({
  eventSources: ofType(resources, 'AWS::Lambda::EventSourceMapping').length,
  keys: ofType(resources, 'AWS::KMS::Key').length,
  alarmMetrics: alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0),
  sweepMemory: sweep.MemorySize,
  dueShards: Number(sweep.Environment.Variables.POSTRIDER_DUE_SHARDS),
});
const sum = Object.values(cost).reduce((total, usd) => total + usd, 0);

test('an idle stack costs at most $5 a month', () => {
  expect(sum).toBeLessThanOrEqual(5);
  expect(sum).toBeGreaterThan(4);
});

test('nothing else of the stack is paid for by the month', () => {
  const paid = ['AWS::CloudWatch::CompositeAlarm', 'AWS::EC2::VPC', 'AWS::Lambda::Version'];
  for (const type of paid) expect(ofType(resources, type), type).toEqual([]);
  for (const { Period, Metrics } of alarms) expect(Period ?? Metrics[0].Period).toBeGreaterThanOrEqual(60);
  expect(ASSUMPTIONS.eventSources).toBe(ofType(resources, 'AWS::Lambda::EventSourceMapping').length);
});

test('docs/deploy.md has the same dollars, line by line', () => {
  const rows = readFileSync(join(root, 'docs/deploy.md'), 'utf8').matchAll(
    /^\| ([^|]+?) +\|[^|]*\| +\**([0-9.]+)\** +\|$/gm,
  );
  const table = Object.fromEntries([...rows].map(([, what = '', usd]) => [what.replaceAll(/\*|’/g, ''), Number(usd)]));
  for (const [what, usd] of Object.entries({ ...cost, sum })) {
    expect(table[what.replaceAll('’', '')] ?? table[what.replaceAll('’', "'")], what).toBe(Number(usd.toFixed(2)));
  }
});
