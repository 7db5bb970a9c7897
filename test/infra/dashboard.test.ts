import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '../../lib/adapters/log/line-metrics.ts';
import { Postrider } from '../../lib/infra/postrider.ts';
import { SAVED_QUERIES } from '../../lib/infra/saved-queries.ts';
import { type Resource, ofType, pointedAt, root, synthesize } from './synthesized.ts';

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title?: string; metrics?: unknown[][]; query?: string; markdown?: string };
}

/** The page's JSON, with what it refers to in our words. */
function widgetsOf(resources: Record<string, Resource>): Widget[] {
  const [[, { Properties } = { Properties: undefined }] = []] = ofType(resources, 'AWS::CloudWatch::Dashboard');
  return (JSON.parse(pointedAt(Properties.DashboardBody)) as { widgets: Widget[] }).widgets;
}

const { resources } = synthesize();
const widgets = widgetsOf(resources);
const titled = (title: string) => widgets.find(({ properties }) => properties.title === title) as Widget;
const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? []);

test('the flow reads from left to right: accept, deliver, retry, dead-letter', () => {
  const flow = ['1 · Accept', '2 · Deliver', '3 · Retry', '4 · Dead-letter'].map(titled);
  expect(flow.map(({ x }) => x)).toEqual([0, 6, 12, 18]);
  expect(new Set(flow.map(({ y }) => y))).toEqual(new Set([0]));
});

test('what may be full, who fails and what costs stand below it', () => {
  for (const title of ['In flight, of 120,000', 'Throttled by Lambda', 'How late, s', 'DynamoDB, write units']) {
    expect(titled(title).y).toBeGreaterThan(0);
  }
  const query = SAVED_QUERIES.find(({ name }) => name === 'Failures by endpoint')?.commands.join('\n| ');
  expect(titled('Failures by endpoint').properties.query).toContain(query);
});

test('each metric of ours on it is one that the functions write, and it shows them all', () => {
  const own = metrics.filter(([namespace]) => namespace === 'Postrider');
  for (const [, , dimension, service] of own) expect([dimension, service]).toEqual(['Service', 'Postrider']);
  const shown = new Set(own.map(([, name]) => name as string));
  const unshown = Object.keys(METRICS).filter((name) => !shown.has(name));
  // Their neighbours say the same: what did not fail succeeded, and sweep's work shows in how late things are.
  expect(unshown).toEqual(['AttemptsSucceeded', 'DeliveriesSentBySweep']);
  expect([...shown].filter((name) => !(name in METRICS))).toEqual([]);
});

/** Of what is looked at, the metrics that AWS's pages list ("… metrics and dimensions"), with what they are of. */
const OF_AWS: Readonly<Record<string, { dimension: string; metrics: readonly string[] }>> = {
  'AWS/ApiGateway': { dimension: 'ApiId', metrics: ['Count', '4xx', '5xx'] },
  'AWS/DynamoDB': { dimension: 'TableName', metrics: ['ConsumedWriteCapacityUnits'] },
  'AWS/Lambda': { dimension: 'FunctionName', metrics: ['ConcurrentExecutions', 'Duration', 'Throttles'] },
  'AWS/SQS': {
    dimension: 'QueueName',
    metrics: [
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesVisible',
      'NumberOfMessagesSent',
    ],
  },
};

test('each other metric is one that AWS writes, of the resource that it is of', () => {
  const others = metrics.filter(([namespace]) => namespace !== 'Postrider') as [string, string, string][];
  const unknown = others.filter(([namespace, name, dimension]) => {
    const known = OF_AWS[namespace];
    return known?.dimension !== dimension || !known.metrics.includes(name);
  });
  expect(others.length).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

test('docs/observability.md lists all metrics with their units', () => {
  const page = readFileSync(join(root, 'docs/observability.md'), 'utf8');
  const rows = [...(page.split('## Metrics')[1] ?? '').matchAll(/^\| (`[^|]+)\| (\w+) +\|/gm)];
  const listed = rows.flatMap(([, names = '', unit]) => (names.match(/\w+/g) ?? []).map((name) => [name, unit]));
  expect(Object.fromEntries(listed)).toEqual(METRICS);
});

test('it has at most 50 metrics, so that it is free as one of the first three of an account', () => {
  const distinct = new Set(metrics.map((metric) => JSON.stringify(metric.slice(0, -1))));
  expect(distinct.size).toBeGreaterThan(25);
  expect(metrics.length).toBeLessThanOrEqual(50);
});

test('there is none for who asks for none, and one each for two services of a stack', () => {
  expect(ofType(synthesize({ dashboard: false }).resources, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  const both = ofType(
    synthesize({}, (stack) => new Postrider(stack, 'Second')).resources,
    'AWS::CloudWatch::Dashboard',
  );
  expect(both.map(([, { Properties }]) => Properties.DashboardName).toSorted()).toEqual([
    'Postrider',
    'Postrider-Second',
  ]);
});
