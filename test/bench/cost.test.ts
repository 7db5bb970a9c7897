import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallCount } from '../../bench/call-meter.ts';
import { totalOf } from '../../bench/call-table.ts';
import { formatCosts } from '../../bench/cost.ts';
import {
  type Conditions,
  costOf,
  idlePollingUsd,
  invocationMs,
  logBytes,
  storageUsd,
  sumOf,
  usageUsd,
} from '../../bench/cost-lines.ts';
import { BY_SOURCE, type Load, type Way, measureLoads } from '../../bench/load-calls.ts';
import { ASSUMPTIONS } from '../../bench/prices.ts';
import { estimatedUsd } from '../../lib/domain/usage.ts';
import { ofType, root, synthesize } from '../infra/synthesized.ts';

const SINGLE: Way = { eventsAPost: 1, keyed: false, batchFill: 10 };

function count(by: string, operation: string, numbers: Partial<CallCount>): CallCount {
  return { by, operation, calls: 0, bytesSent: 0, bytesReceived: 0, writeUnits: 0, readUnits: 0, ...numbers };
}

function line(event: string, fields: object): string {
  return JSON.stringify({ event_id: 'evt_1', ...fields, event });
}

/** Ten events of two units each, in ten posts and one full batch. */
const LOAD: Load = {
  way: SINGLE,
  events: 10,
  posts: 10,
  batches: 1,
  counts: [
    count('ingest', 'DynamoDB PutItem', { calls: 10, writeUnits: 10, bytesSent: 5000 }),
    count('ingest', 'SQS SendMessageBatch', { calls: 10 }),
    count('event source', 'SQS ReceiveMessage', { calls: 1, bytesReceived: 70_000 }),
    count('dispatch', 'DynamoDB BatchGetItem', { calls: 1, readUnits: 40 }),
    count('dispatch', 'DynamoDB PutItem', { calls: 10, writeUnits: 10, bytesSent: 5000 }),
    count('event source', 'SQS DeleteMessageBatch', { calls: 1 }),
  ],
  usage: [],
  logLines: [],
};

const ONE = {
  counts: [
    count('event source', 'SQS ReceiveMessage', { calls: 1 }),
    count('dispatch', 'DynamoDB PutItem', { calls: 1, writeUnits: 1 }),
  ],
  usage: [],
  logLines: [],
};

const CONDITIONS: Conditions = {
  memory: { authorizer: 1024, dispatch: 1769, ingest: 1769 },
  logSampling: 0.1,
  sdkCallMs: 1,
  atOnce: ONE,
  atThird: ONE,
  authorizer: { counts: [], usage: [], logLines: [] },
};

const { resources } = synthesize();

/** What the gateway writes of a post that went well. */
const TYPICAL: Readonly<Record<string, string>> = {
  '$context.requestId': 'Xk2PMhb7oAMEPzw=',
  '$context.identity.sourceIp': '203.0.113.117',
  '$context.routeKey': 'POST /v1/events',
  '$context.status': '202',
  '$context.responseLatency': '42',
  '$context.error.responseType': '-',
  '$context.integration.integrationStatus': '200',
};

describe('what a million deliveries cost', () => {
  const cost = costOf(LOAD, CONDITIONS);

  test('is requests, units and invocations by their prices', () => {
    expect(cost['API Gateway, requests']).toBeCloseTo(1);
    expect(cost['Lambda ingest, invocations']).toBeCloseTo(0.2);
    expect(cost['Lambda dispatch, invocations']).toBeCloseTo(0.02);
    expect(cost['SQS, sends']).toBeCloseTo(0.5);
    expect(cost['DynamoDB, writes']).toBeCloseTo(1.25);
    // 4 units, and 4 more where a replica is late.
    expect(cost['DynamoDB, reads']).toBeCloseTo((4 + 0.01 * 4) * 0.125);
    expect(cost['Logs of functions, sampled']).toBe(0);
  });

  test('counts each 64 KB of a request of SQS as one', () => {
    // A receive of 70,000 bytes is two, a delete is one: 3 for ten events.
    expect(cost['SQS, receives and deletes']).toBeCloseTo(0.3 * 0.5);
  });

  test('holds Lambda time by memory and milliseconds', () => {
    // 5 ms for the put, 10 ms for the send, 2 + 0.9 + 0.25 ms of processor time: 19 ms, begun ones counted whole.
    expect(cost['Lambda ingest, time']).toBeCloseTo(1e6 * 0.019 * (1769 / 1024) * 0.0000133334);
    // Read 5 ms, answers 200 ms, writes 5 ms, processor 11 + 8 ms: 229 ms for ten.
    expect(cost['Lambda dispatch, time']).toBeCloseTo(1e5 * 0.229 * (1769 / 1024) * 0.0000133334);
  });

  test('is dearer by a share of what a delivery at the third attempt costs on top', () => {
    expect(cost['failing deliveries, on top']).toBe(0);
    const receives = count('event source', 'SQS ReceiveMessage', { calls: 3 });
    const writes = count('dispatch', 'DynamoDB PutItem', { calls: 3, writeUnits: 15 });
    const atThird = { counts: [receives, writes], usage: [], logLines: [] };
    const dearer = costOf(LOAD, { ...CONDITIONS, atThird });
    const twoAttempts = 2 * (0.5 + 0.2 + 208 * 1e3 * (1769 / 1024) * 0.0000133334);
    expect(dearer['failing deliveries, on top']).toBeCloseTo(ASSUMPTIONS.failing * (14 * 0.625 + twoAttempts));
    expect(sumOf(dearer) - sumOf(cost)).toBeCloseTo(dearer['failing deliveries, on top']);
  });

  test('of a source pays no gateway and no authorizer', () => {
    const bySource = costOf({ ...LOAD, way: BY_SOURCE, posts: 1 }, { ...CONDITIONS, authorizer: ONE });
    const requests = ['API Gateway, requests', 'authorizer: Lambda and read', 'Logs of the gateway'] as const;
    expect(requests.map((line) => bySource[line])).toEqual([0, 0, 0]);
    expect(bySource['SQS, receives and deletes']).toBe(cost['SQS, receives and deletes']);
    expect(bySource['Lambda ingest, invocations']).toBeCloseTo(0.02);
    const polls = { posted: ONE, polled: ONE, committed: ONE, empty: ONE };
    const text = formatCosts([{ ...LOAD, way: BY_SOURCE, posts: 1 }], CONDITIONS, polls);
    expect(text).toMatch(/^A million deliveries by a source.*\n(?!API)/m);
  });

  test('is told with its aim, met or missed', () => {
    const cheap = { ...LOAD, counts: [] };
    const dear = { ...LOAD, counts: [count('ingest', 'DynamoDB PutItem', { writeUnits: 100 })] };
    const polls = { posted: ONE, polled: ONE, committed: ONE, empty: ONE };
    const text = formatCosts([cheap, dear], CONDITIONS, polls);
    expect(text).toMatch(/^a consumer that polls each second +[1-9]\d*\.\d\d a month$/m);
    expect(text).toMatch(/^sum +1\.\d\d +8\.\d\d$/m);
    expect(text).toMatch(/^aim +4\.06 +4\.06\n +met +missed by 4\.\d\d$/m);
  });
});

describe('an invocation', () => {
  const { memory, sdkCallMs } = CONDITIONS;

  test('takes longer with less memory, by its processor time alone', () => {
    const half = { memory: { ...memory, ingest: 1769 / 2 }, sdkCallMs };
    expect(invocationMs(LOAD, 'ingest', 10, CONDITIONS)).toBe(19);
    expect(invocationMs(LOAD, 'ingest', 10, half)).toBe(22);
  });

  test('makes as many calls together as its sockets allow', () => {
    const counts = [count('ingest', 'DynamoDB PutItem', { calls: 128 })];
    const free = { memory, sdkCallMs: 0 };
    expect(invocationMs({ counts, events: 128 }, 'ingest', 1, free)).toBe(Math.ceil(2 * 5 + 0.9 + 128 * 0.25));
  });
});

test('the bytes of routine lines count for the share that is sampled, all others in full', () => {
  const accepted = line('ingest.accepted', {});
  const failed = line('dispatch.attempt', { status: 'retrying', attempt_number: 1 });
  const full = [accepted, failed].map((text) => text.length + 26);
  expect(logBytes([accepted, failed], 1)).toBe((full[0] ?? 0) + (full[1] ?? 0));
  expect(logBytes([accepted, failed], 0.1)).toBeCloseTo((full[0] ?? 0) * 0.1 + (full[1] ?? 0));
});

test("a line of the gateway's log is as long as the stack writes it, and half as dear as a function's", () => {
  const [[, stage] = []] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
  const format = stage?.Properties.AccessLogSettings.Format as string;
  const line = format.replaceAll(/\$context\.[A-Za-z.]+/g, (variable) => TYPICAL[variable] ?? variable);
  expect(line).not.toContain('$context');
  expect(ASSUMPTIONS.accessLogBytes).toBe(Buffer.byteLength(line));
  const perPost = (ASSUMPTIONS.accessLogBytes + 26) * 0.25e-9;
  expect(costOf(LOAD, CONDITIONS)['Logs of the gateway']).toBeCloseTo(1e6 * perPost, 6);
});

test('metrics cost at most six cents a million, of a quiet instance too', () => {
  for (const batchFill of [1, 10] as const) {
    const usd = costOf({ ...LOAD, way: { ...SINGLE, batchFill } }, CONDITIONS)['Metrics of functions'];
    expect(usd).toBeGreaterThan(0.005);
    expect(usd).toBeLessThan(0.06);
  }
});

test('usage costs at most six cents a million of one tenant in full batches, and sixteen of ten', () => {
  expect(costOf(LOAD, CONDITIONS)['Usage by tenant']).toBeCloseTo(0.016);
  expect(usageUsd(10)).toBeCloseTo(0.156);
});

test('what a tenant is told that its usage costs is what the tables say', () => {
  // As docs/cost.md has them, for single posts in full batches.
  const [ofEvent, ofAttempt, failing] = rowsOfDocs();
  expect(estimatedUsd({ events: 1e6, attempts: 0 })).toBeCloseTo(ofEvent, 1);
  expect(estimatedUsd({ events: 0, attempts: 1e6 })).toBeCloseTo(ofAttempt, 1);
  // What fails is in the attempts.
  expect(failing).toBeGreaterThan(0);
});

/** The first column of the first table: what an event costs, what an attempt does, and what failing ones add. */
function rowsOfDocs(): [number, number, number] {
  const page = readFileSync(join(root, 'docs/cost.md'), 'utf8');
  const [table = ''] = page.split('## One message');
  const rows = [...table.matchAll(/^\| ([^|*]+?) +\| +([0-9.]+) \|/gm)].map(
    ([, name = '', usd]) => [name, Number(usd)] as const,
  );
  const sum = (isOf: (name: string) => boolean) =>
    rows.filter(([name]) => isOf(name)).reduce((total, [, usd]) => total + usd, 0);
  const failing = (name: string) => name.startsWith('failing');
  // Each writes one of the two units.
  const shared = sum((name) => name === 'DynamoDB, writes') / 2;
  const ofDispatch = (name: string) => /dispatch|receives|Usage|reads/.test(name);
  const others = (name: string) => !ofDispatch(name) && !failing(name) && !/writes|aim/.test(name);
  return [sum(others) + shared, sum(ofDispatch) + shared, sum(failing)];
}

test('idle pollers and what is kept are told by the month', () => {
  expect(idlePollingUsd()).toBeCloseTo(1.3, 1);
  // 1,000 bytes an event, a million events, 45 cents a GB.
  expect(storageUsd(LOAD)).toBeCloseTo(0.45);
});

describe('calls under load', () => {
  let loads: Load[];
  beforeAll(async () => {
    loads = await measureLoads([SINGLE, { eventsAPost: 100, keyed: false, batchFill: 10 }, BY_SOURCE]);
  }, 120_000);

  const callsOf = (load: Load | undefined, by: string, operation: string) =>
    totalOf(load?.counts.filter((one) => one.by === by && one.operation === operation) ?? [], 'calls');

  test('a hundred events posted together share one read and ten sends', () => {
    const [single, batch] = loads;
    expect([single?.posts, batch?.posts]).toEqual([100, 1]);
    expect(callsOf(single, 'ingest', 'DynamoDB GetItem')).toBe(100);
    expect(callsOf(batch, 'ingest', 'DynamoDB GetItem')).toBe(1);
    expect(callsOf(single, 'ingest', 'SQS SendMessageBatch')).toBe(100);
    expect(callsOf(batch, 'ingest', 'SQS SendMessageBatch')).toBe(10);
  });

  test('ten messages of a source are received, matched, sent and deleted at once; who sent them is not counted', () => {
    const bySource = loads[2];
    expect(bySource?.posts).toBe(10);
    for (const operation of ['SQS ReceiveMessage', 'SQS DeleteMessageBatch']) {
      // Of the source, and of deliveries.
      expect(callsOf(bySource, 'event source', operation)).toBe(20);
    }
    expect(callsOf(bySource, 'ingest', 'DynamoDB GetItem')).toBe(10);
    expect(callsOf(bySource, 'ingest', 'SQS SendMessageBatch')).toBe(10);
    expect(new Set(bySource?.counts.map(({ by }) => by))).toEqual(new Set(['event source', 'ingest', 'dispatch']));
  });

  test('a full batch is received, read and deleted at once; each delivery is written by itself', () => {
    for (const load of loads.slice(0, 2)) {
      expect(load.batches).toBe(10);
      expect(callsOf(load, 'event source', 'SQS ReceiveMessage')).toBe(10);
      expect(callsOf(load, 'dispatch', 'DynamoDB BatchGetItem')).toBe(10);
      expect(callsOf(load, 'event source', 'SQS DeleteMessageBatch')).toBe(10);
      expect(totalOf(load.counts, 'writeUnits')).toBe(200);
    }
  });

  test('every event has its two routine lines, and no other', () => {
    const names = loads.flatMap(({ logLines }) =>
      logLines.map((text) => (JSON.parse(text) as { event: string }).event),
    );
    expect(names.filter((name) => name === 'ingest.accepted')).toHaveLength(100 * loads.length);
    expect(names.filter((name) => name === 'dispatch.attempt')).toHaveLength(100 * loads.length);
    expect(names).toHaveLength(200 * loads.length);
  });
});
