import { expect, test } from 'vitest';
import type { Proof } from '../../../bin/prove/row.ts';
import { alarmTells } from '../../../bin/prove/rows/alarm-tells.ts';
import { coldStart } from '../../../bin/prove/rows/cold-start.ts';
import { expiry } from '../../../bin/prove/rows/expiry.ts';
import { filtersMatch } from '../../../bin/prove/rows/filters-match.ts';
import { noChanges } from '../../../bin/prove/rows/no-changes.ts';
import { noDenials } from '../../../bin/prove/rows/no-denials.ts';
import { ownMetrics } from '../../../bin/prove/rows/own-metrics.ts';
import { savedQueries } from '../../../bin/prove/rows/saved-queries.ts';
import { stackIsWhole } from '../../../bin/prove/rows/stack-is-whole.ts';
import { sweepRuns } from '../../../bin/prove/rows/sweep-runs.ts';
import { Refusal } from '../../../bin/refusal.ts';
import { type Answers, fakeAccount, outcome, startApi } from './fake-account.ts';

/** None of these calls the API. */
const NO_API = 'http://127.0.0.1:1';
const ENABLED = Array.from({ length: 2 }, () => ({ State: 'Enabled' }));
const alarm = { AlarmName: 'Hooks-poison', AlarmActions: ['arn:topic'] };
const sums = (all: readonly number[]) => ({
  Datapoints: all.map((Sum, n) => ({ Timestamp: new Date(n * 300_000).toISOString(), Sum })),
});
const query = { name: 'Hooks/Slowest', queryString: 'filter x', logGroupNames: ['log-Dispatch'] };
const ttl = { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' } };

/** A row, what the account answers, what the caller says, and what comes of it. */
const CASES: [Proof, Answers, Record<string, unknown>, string, RegExp][] = [
  [stackIsWhole, { 'lambda list-event-source-mappings': { EventSourceMappings: ENABLED } }, {}, 'pass', /4 of 4/],
  [
    stackIsWhole,
    { 'lambda list-event-source-mappings': { EventSourceMappings: [{ State: 'Disabled' }] } },
    {},
    'fail',
    /0 of 2/,
  ],
  [noDenials, {}, {}, 'pass', /no "AccessDenied" in 9 logs/],
  [
    noDenials,
    { 'logs filter-log-events': { events: [{ message: 'AccessDenied: no' }] } },
    {},
    'fail',
    /Dispatch: 1, such as AccessDenied/,
  ],
  [noChanges, { npx: '' }, { context: ['egress=static-ips'] }, 'pass', /no difference/],
  [
    noChanges,
    {
      npx: () => {
        throw new Refusal('npx cdk diff: 1 resource differs');
      },
    },
    { context: ['a=b'] },
    'fail',
    /differs/,
  ],
  [
    filtersMatch,
    { 'logs filter-log-events': { events: [{ message: '{"event":"dispatch.attempt"}' }] } },
    {},
    'pass',
    /1 lines of a day, 0 of them not/,
  ],
  [filtersMatch, { 'logs filter-log-events': { events: [{ message: '{}' }] } }, {}, 'fail', /1 of them not/],
  [sweepRuns, { 'cloudwatch get-metric-statistics': sums([5, 5, 4, 6, 5, 5]) }, {}, 'pass', /5, 5, 4, 6, 5, 5/],
  [sweepRuns, { 'cloudwatch get-metric-statistics': sums([5, 5, 5]) }, {}, 'fail', /5, 5, 5/],
  [sweepRuns, { 'cloudwatch get-metric-statistics': sums([5, 5, 1, 5, 5, 5]) }, {}, 'fail', /1/],
  [
    ownMetrics,
    { 'cloudwatch list-metrics': { Metrics: [{ MetricName: 'EventsAccepted' }] } },
    {},
    'pass',
    /EventsAccepted/,
  ],
  [ownMetrics, { 'cloudwatch list-metrics': { Metrics: [] } }, {}, 'fail', /none/],
  [
    savedQueries,
    {
      'logs describe-query-definitions': { queryDefinitions: [query] },
      'logs start-query': { queryId: 'q' },
      'logs get-query-results': { status: 'Complete', results: [] },
    },
    {},
    'pass',
    /1 queries/,
  ],
  [
    savedQueries,
    {
      'logs describe-query-definitions': { queryDefinitions: [query] },
      'logs start-query': { queryId: 'q' },
      'logs get-query-results': { status: 'Failed', results: [] },
    },
    {},
    'fail',
    /Slowest: the query ended as Failed/,
  ],
  [expiry, { 'dynamodb describe-time-to-live': ttl, 'dynamodb scan': { Count: 0 } }, { scan: true }, 'pass', /0 items/],
  [expiry, { 'dynamodb describe-time-to-live': ttl, 'dynamodb scan': { Count: 7 } }, { scan: true }, 'fail', /7 items/],
  [
    expiry,
    { 'dynamodb describe-time-to-live': { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } } },
    {},
    'fail',
    /DISABLED/,
  ],
  [
    alarmTells,
    {
      'cloudwatch describe-alarms': { MetricAlarms: [alarm] },
      'cloudwatch set-alarm-state': '',
      'cloudwatch describe-alarm-history': {
        AlarmHistoryItems: [{ HistorySummary: 'Successfully executed action arn:topic' }],
      },
    },
    { changes: true },
    'pass',
    /Successfully/,
  ],
  [
    alarmTells,
    {
      'cloudwatch describe-alarms': { MetricAlarms: [alarm] },
      'cloudwatch set-alarm-state': '',
      'cloudwatch describe-alarm-history': {
        AlarmHistoryItems: [{ HistorySummary: 'Failed to execute action arn:topic' }],
      },
    },
    { changes: true },
    'fail',
    /Failed to execute/,
  ],
];

test.each(CASES.map((one) => [one[0].name, one[3], one] as const))('%s: %s', async (_name, result, one) => {
  const [proof, answers, flags, , detail] = one;
  const seen = await outcome(proof, NO_API, answers, flags);
  expect(seen).toEqual({ result, detail: expect.stringMatching(detail) });
});

const SKIPPED: [Proof, Answers, string][] = [
  [noChanges, {}, 'pass --context'],
  [filtersMatch, {}, 'no attempt was logged'],
  [expiry, { 'dynamodb describe-time-to-live': ttl }, 'pass --scan'],
  [
    sweepRuns,
    { 'cloudformation describe-stacks': { Stacks: [{ CreationTime: new Date().toISOString() }] } },
    'the stack was not there yet',
  ],
  [alarmTells, {}, 'pass --changes'],
  [coldStart, {}, 'pass --changes'],
];

test.each(SKIPPED.map((one) => [one[0].name, one[2], one] as const))('%s is skipped: %s', async (_name, why, one) => {
  await expect(outcome(one[0], NO_API, one[1])).rejects.toThrow(why);
});

test('alarm-tells sets the alarm back, and cold-start the level of the log', async () => {
  const history = { AlarmHistoryItems: [] };
  const told = fakeAccount(
    NO_API,
    {
      'cloudwatch describe-alarms': { MetricAlarms: [alarm] },
      'cloudwatch set-alarm-state': '',
      'cloudwatch describe-alarm-history': history,
    },
    { changes: true },
  );
  expect((await alarmTells.prove(told.deployment)).result).toBe('fail');
  const states = told.calls
    .filter((call) => call.includes('set-alarm-state'))
    .map((call) => call[call.indexOf('--state-value') + 1]);
  expect(states).toEqual(['ALARM', 'OK']);

  const { url, server } = await startApi(() => ({ status: 200 }));
  const report = JSON.stringify({ record: { metrics: { initDurationMs: 412.3 } } });
  const started = fakeAccount(
    url,
    {
      'lambda get-function-configuration': {
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: 'log' },
      },
      'lambda update-function-configuration': {},
      'lambda wait': '',
      'logs filter-log-events': { events: [{ message: report }] },
    },
    { changes: true, key: 'prk_x' },
  );
  const seen = await coldStart.prove(started.deployment).finally(() => server.close());
  expect(seen).toMatchObject({ result: 'pass', detail: expect.stringContaining('Ingest 412 ms') });
  const levels = started.calls
    .filter((call) => call.includes('update-function-configuration'))
    .map(
      (call) =>
        (JSON.parse(call[call.indexOf('--logging-config') + 1] as string) as { SystemLogLevel: string }).SystemLogLevel,
    );
  expect(levels).toEqual([...Array.from({ length: 6 }, () => 'INFO'), ...Array.from({ length: 6 }, () => 'WARN')]);
});
