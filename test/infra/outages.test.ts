import { expect, test } from 'vitest';
import { throttled } from '../../lib/adapters/dynamodb/access/service-fault.ts';
import { EmbeddedMetrics } from '../../lib/adapters/log/embedded-metrics.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { makeApiKey } from '../../lib/api/auth/make-api-key.ts';
import { type FindPorts, findKey } from '../../lib/api/auth/find-key.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import type { RetryPolicy } from '../../lib/domain/retry-schedule.ts';
import type { Answer } from '../support/customers.ts';
import { type Interceptor, Life, intercept } from '../support/fault-injection.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { Process, World } from '../support/world.ts';
import { logFiltersOf, matchesFields } from './log-filters.ts';
import { entryOf, ofType, synthesize } from './synthesized.ts';

/*
 * Outages of an hour or two, played on the pipeline with its own log and metrics. The alarms are those of the template;
 * what they look at is computed from the lines as CloudWatch would. Of what SQS, Lambda and the gateway count, these are
 * there: the messages in poison and those sent to exhausted, how long ingest takes, and what the gateway answers itself.
 */

const MINUTE = 60_000;
/** Some days have many attempts, and a busy machine plays them slowly. */
const A_LONG_DAY_MS = 60_000;
const { resources } = synthesize();
const filters = logFiltersOf(resources);
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

interface Point {
  at: number;
  metric: string;
  value: number;
  /** Of a metric that Lambda writes: the function. */
  entry?: string;
}

/** The points of metrics that a line is: those of filters, which say one for a match, and those embedded in it. */
function pointsOf(line: string): Point[] {
  const fields = JSON.parse(line) as Record<string, unknown> & { timestamp: string };
  const at = Date.parse(fields.timestamp);
  const counted = [
    ...new Set(filters.filter(({ pattern }) => matchesFields(pattern, fields)).map(({ metric }) => metric)),
  ];
  const embedded = fields._aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } | undefined;
  const named = embedded?.CloudWatchMetrics[0]?.Metrics ?? [];
  return [
    ...counted.map((metric) => ({ at, metric, value: 1 })),
    ...named.flatMap(({ Name }) =>
      [fields[Name] as number | number[]].flat().map((value) => ({ at, metric: Name, value })),
    ),
  ];
}

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Maximum: (values) => Math.max(...values),
  p90: (values) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.9) - 1] ?? Number.NaN,
};

/** Lambda's metrics have the same names for all functions. */
function isOf({ metric, entry }: Point, { MetricName, Dimensions = [] }: (typeof alarms)[number]): boolean {
  if (metric !== MetricName) return false;
  return (
    entry === undefined ||
    Dimensions.some(({ Value }: { Value: { Ref?: string } }) => Value.Ref && entryOf(Value.Ref) === entry)
  );
}

/** The alarms that rise at some time, of those that look at these points. A period without points is no alarm. */
function raisedBy(points: readonly Point[]): string[] {
  const raised = alarms.filter((alarm) => {
    const periodMs = alarm.Period * 1000;
    const byPeriod = Map.groupBy(
      points.filter((point) => isOf(point, alarm)),
      ({ at }) => Math.floor(at / periodMs),
    );
    const isBreached = (period: number) => {
      const values = byPeriod.get(period)?.map(({ value }) => value);
      if (!values) return false;
      const value = STATISTICS[alarm.Statistic ?? alarm.ExtendedStatistic]?.(values) ?? Number.NaN;
      return alarm.ComparisonOperator === 'LessThanThreshold' ? value < alarm.Threshold : value > alarm.Threshold;
    };
    const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
    return [...byPeriod.keys()].some((last) => {
      const looked = Array.from({ length: alarm.EvaluationPeriods }, (_, n) => last - n);
      return looked.filter(isBreached).length >= needed;
    });
  });
  return raised.map(({ AlarmName }) => AlarmName.replace('Postrider-', '') as string).toSorted();
}

interface Outage {
  /** What each customer answers, in the place of a 200. */
  customers?: Answer[];
  /** When their endpoints are tried again, in the place of the usual schedule of days. */
  retry?: RetryPolicy;
  /** Fails calls of ports, or makes them slow. */
  faults?: (clock: VirtualClock) => Interceptor;
  /** What else arrives. */
  disturb?(world: World): Promise<void>;
  hours?: number;
}

const HEALTHY: Answer[] = [200, 200, 200, 200, 200];

/** An event for each of five customers every half a minute. @returns the alarms that rise */
async function play({ customers = HEALTHY, retry, faults, disturb, hours = 1 }: Outage): Promise<string[]> {
  using world = new World();
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const metrics = new EmbeddedMetrics({ clock: world.clock, service: 'Postrider', write });
  const log = metrics.watching(createJsonLog({ clock: world.clock, write }));
  const ports = { ...world.ports, log };
  const process = new Process(faults ? intercept(ports, faults(world.clock)) : ports, new Life(), world.settings);
  for (const [n, answer] of customers.entries()) {
    await world.endpointAnswering(answer, { events: [`customer.${n}`], ...(retry && { retry }) });
  }
  const { secret } = await makeApiKey(world.ports, { name: 'outages' });
  const exhaustions: Point[] = [];
  const counted: Point[] = [];
  const count = (metric: string, value: number, entry?: string): void => {
    counted.push({ at: world.clock.now(), metric, value, ...(entry !== undefined && { entry }) });
  };
  const post = async (n: number) => {
    if (!(await isPassedOn(process.ports, secret))) return count('5xx', 1);
    const start = world.clock.now();
    await world.clock.advanceUntil(process.ingest(world.request(`customer.${n}`))).catch(() => undefined);
    count('Duration', world.clock.now() - start, 'ingest');
  };
  for (let half = 0; half < hours * 120; half += 1) {
    for (const n of customers.keys()) await post(n);
    if (half === 10) await disturb?.(world);
    await world.run(process, MINUTE / 2);
    metrics.flush();
    while (exhaustions.length < world.count('exhausted'))
      exhaustions.push({ at: world.clock.now(), metric: 'NumberOfMessagesSent', value: 1 });
  }
  const poison: Point[] = Array.from({ length: world.count('poison') }, () => ({
    at: world.clock.now(),
    metric: 'ApproximateNumberOfMessagesVisible',
    value: 1,
  }));
  return raisedBy([...lines.flatMap(pointsOf), ...exhaustions, ...counted, ...poison]);
}

const failing = (port: string, method: string, fault: () => Error) => (): Interceptor => (call, run) => {
  if (call.port === port && call.method === method) throw fault();
  return run();
};

const slow =
  (port: string, method: string, ms: number) =>
  (clock: VirtualClock): Interceptor =>
  async (call, run) => {
    if (call.port === port && call.method === method) await clock.sleep(ms);
    return run();
  };

/** As the authorizer does. @returns whether the gateway passes the call on */
async function isPassedOn(ports: FindPorts, secret: string): Promise<boolean> {
  try {
    await findKey(ports, secret);
    return true;
  } catch (error) {
    ports.log.error('authorizer.failed', error);
    return false;
  }
}

test('on a quiet day no alarm rises', async () => {
  expect(await play({})).toEqual([]);
});

test('one dead customer with 40 % of the traffic wakes nobody', async () => {
  expect(await play({ customers: [200, 200, 200, 'timeout', 'timeout'], hours: 2 })).toEqual([]);
});

test('customers that all answer with 4xx wake nobody', { timeout: A_LONG_DAY_MS }, async () => {
  expect(await play({ customers: [400, 401, 403, 404, 422], hours: 2 })).toEqual([]);
});

test(
  'customers that answer with 4xx until every attempt is used up wake nobody',
  { timeout: A_LONG_DAY_MS },
  async () => {
    expect(await play({ customers: [400, 401, 403, 404, 422], retry: { delays: [5] }, hours: 2 })).toEqual([]);
  },
);

test('one dead customer whose deliveries have one retry wakes nobody', async () => {
  const customers: Answer[] = [200, 200, 200, 'timeout', 'timeout'];
  expect(await play({ customers, retry: { delays: [5] }, hours: 2 })).toEqual([]);
});

test('many customers that nobody reaches until every attempt is used up raise exhausted', async () => {
  const customers = Array.from({ length: 60 }, () => 'timeout' as const);
  expect(await play({ customers, retry: { delays: [5] }, hours: 0.25 })).toContain('exhausted');
});

test('a lost way out raises no-answers', async () => {
  expect(await play({ customers: HEALTHY.map(() => 'timeout' as const) })).toEqual(['no-answers']);
});

test('a KMS that refuses raises faults', async () => {
  const faults = failing('secrets', 'open', () => new ServiceFault('KMS', new Error('DisabledException')));
  expect(await play({ faults })).toEqual(['faults']);
});

test('a log table that is throttled raises faults', async () => {
  const faults = failing('deliveries', 'writeUnlessSuperseded', () => throttled('PutItem'));
  expect(await play({ faults })).toEqual(['faults']);
});

test('a message that nobody can read raises poison', async () => {
  const disturb = (world: World) => world.store.queues.send('deliveries', [{ body: 'no message', group: 'x' }]);
  expect(await play({ disturb })).toEqual(['poison']);
});

test('a table that answers late raises ingest-latency', async () => {
  expect(await play({ faults: slow('events', 'putUnlessExists', 6000) })).toEqual(['ingest-latency']);
});

test('one large post in an hour wakes nobody', async () => {
  let posts = 0;
  const once = (clock: VirtualClock): Interceptor => {
    const slowly = slow('events', 'putUnlessExists', 10_000)(clock);
    return (call, run) => {
      if (call.method === 'putUnlessExists') posts += 1;
      return posts === 100 ? slowly(call, run) : run();
    };
  };
  expect(await play({ faults: once })).toEqual([]);
  expect(posts).toBeGreaterThan(100);
});

test('an authorizer that can’t look keys up raises faults and api-faults', async () => {
  const faults = failing('apiKeys', 'find', () => new ServiceFault('DynamoDB', new Error('InternalServerError')));
  expect(await play({ faults })).toEqual(['api-faults', 'faults']);
});
