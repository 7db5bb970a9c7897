import { expect, test } from 'vitest';
import { EmbeddedMetrics } from '../../../lib/adapters/log/embedded-metrics.ts';
import type { LogFields } from '../../../lib/ports/log.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function watched() {
  const [lines, memory, clock] = [[] as string[], new MemoryLog(), new VirtualClock()];
  const metrics = new EmbeddedMetrics({ clock, service: 'Postrider', write: (line) => lines.push(line) });
  const read = () => lines.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: metrics.watching(memory), metrics, clock, memory, read };
}

const DELIVERED = { event_id: 'evt_1', status: 'delivered', status_code: 200, attempt_number: 1, ordinal: 0 };
const attempt = (fields: LogFields = {}) => ['dispatch.attempt', { ...DELIVERED, ...fields }] as const;

test('a line is what CloudWatch reads metrics from, and what Lambda takes as a line of level INFO', () => {
  const { log, metrics, clock, read } = watched();
  log.info(...attempt({ since_accepted_ms: 12 }));
  metrics.flush();
  const now = clock.now();
  expect(read()).toEqual([
    {
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: 'Postrider',
            Dimensions: [['Service']],
            Metrics: [
              { Name: 'AttemptsSucceeded', Unit: 'Count' },
              { Name: 'DeliveriesDelivered', Unit: 'Count' },
              { Name: 'RequestAnswered', Unit: 'None' },
              { Name: 'TimeToFirstAttempt', Unit: 'Milliseconds' },
              { Name: 'TimeToDelivery', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      timestamp: new Date(now).toISOString(),
      level: 'info',
      event: 'metrics',
      Service: 'Postrider',
      AttemptsSucceeded: 1,
      DeliveriesDelivered: 1,
      RequestAnswered: 1,
      TimeToFirstAttempt: 12,
      TimeToDelivery: 12,
    },
  ]);
});

test('routine successes are one line a minute, however many invocations there were', () => {
  const { log, metrics, clock, read } = watched();
  let delivered = 0;
  for (let second = 0; second < 125; second += 1) {
    log.info(...attempt());
    metrics.flush();
    clock.advance(1000);
  }
  const lines = read();
  for (const line of lines) delivered += line.DeliveriesDelivered as number;
  expect(lines).toHaveLength(3);
  expect(delivered).toBe(121);
});

test('whatever else happens is written at the end of its invocation, with the successes so far', () => {
  const { log, metrics, read } = watched();
  log.info(...attempt());
  metrics.flush();
  expect(read()).toHaveLength(1);
  log.info(...attempt());
  metrics.flush();
  expect(read()).toEqual([]);
  log.info(...attempt({ status: 'retrying', status_code: 500 }));
  metrics.flush();
  expect(read()).toMatchObject([{ AttemptsSucceeded: 1, AttemptsFailed: 1, RequestAnswered: [1, 1] }]);
  metrics.flush();
  expect(read()).toEqual([]);
});

test('a line has at most 100 values of a metric: more are written before their invocation ends', () => {
  const { log, metrics, read } = watched();
  for (let n = 0; n < 250; n += 1) log.info(...attempt({ since_accepted_ms: n }));
  metrics.flush();
  const lines = read();
  expect(lines.map(({ TimeToDelivery }) => (TimeToDelivery as number[]).length)).toEqual([100, 100]);
  expect(lines.map(({ DeliveriesDelivered }) => DeliveriesDelivered)).toEqual([100, 100]);
});

test.each([
  [
    attempt({ status: 'exhausted', status_code: 500, attempt_number: 9 }),
    { AttemptsFailed: 1, DeliveriesExhausted: 1 },
  ],
  [
    attempt({ status: 'exhausted', status_code: undefined, attempt_number: 9 }),
    { AttemptsFailed: 1, DeliveriesExhausted: 1, ExhaustedUnanswered: 1 },
  ],
  [attempt({ status: 'parked', status_code: 503, attempt_number: 4 }), { AttemptsFailed: 1, DeliveriesParked: 1 }],
  [attempt({ status: 'retrying', status_code: undefined }), { AttemptsFailed: 1, RequestAnswered: 0 }],
  [['job.probe', { status_code: undefined }], { RequestAnswered: 0 }],
  [['dispatch.held', { event_id: 'evt_1' }], { DeliveriesHeld: 1 }],
  [['dispatch.abandoned', { event_id: 'evt_1' }], { DeliveriesAbandoned: 1 }],
  [['sweep.done', { due: 3, resent: 2, oldest_due_seconds: 901 }], { DeliveriesSentBySweep: 2, OldestDue: 901 }],
] as const)('%j counts as %j', ([event, fields], counted) => {
  const { log, metrics, read } = watched();
  log.info(event, fields);
  metrics.flush();
  const [{ _aws, timestamp: _, level: __, event: ___, Service: ____, ...values } = {}] = read();
  expect(values).toEqual(counted);
  expect(_aws).toBeDefined();
});

test('a manual retry counts in no time from the 202', () => {
  const { log, metrics, read } = watched();
  log.info(...attempt({ ordinal: 1, since_accepted_ms: 86_400_000 }));
  metrics.flush();
  expect(read()[0]).not.toHaveProperty('TimeToDelivery');
});

test('nothing to tell is no line, and each line of the log goes on as it came', () => {
  const { log, metrics, memory, read } = watched();
  const cause = new Error('gone');
  log.warn('dispatch.not-hidden', { event_id: 'evt_1' });
  log.error('dispatch.fault', cause, { event_id: 'evt_1' });
  metrics.flush();
  expect(read()).toEqual([]);
  expect(memory.lines.map(({ event }) => event)).toEqual(['dispatch.not-hidden', 'dispatch.fault']);
});
