import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';
import { contentsOf } from '../lambdas/bundle-contents.ts';
import { logFiltersOf, matches, termsOf } from './log-filters.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { throttled } from '../../lib/adapters/dynamodb/access/service-fault.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { WITH_SOURCES, functionsOf, ofType, root, synthesize } from './synthesized.ts';

const { resources } = synthesize(WITH_SOURCES);
const entries = Object.keys(functionsOf(resources)) as LambdaEntry[];
const watched = new Set(ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.MetricName));
const filters = logFiltersOf(resources).filter(({ metric }) => watched.has(metric));

/** Lines that no filter counts, and why that is right. */
const UNCOUNTED: Readonly<Record<string, string>> = {
  'endpoint.slow': 'a customer’s endpoint: its owner sees slow_since, and the alarm slow-age tells of a backlog',
  'endpoint.gone': 'a customer’s answer: its owner sees the status',
  'endpoint.tripped': 'a customer’s endpoint: its owner sees the status, and probes resume it',
  'job.alert-not-mailed': 'a crowd of alerts of one tenant, of which webhooks and the topic have each',
  'brake.set': 'a person did it',
  'manual.tenant-erased': 'a person did it',
  'brake.released': 'a person did it',
  'dispatch.poisoned': 'the alarm poison looks at the queue itself',
  'job.poisoned': 'the alarm poison looks at the queue itself',
  'source.refused': 'the alarm refused looks at the queue itself',
  'source.fault': 'the message comes back, and what lasts is late: sources-age',
  'source.not-refused': 'the message comes back, and what lasts is late: sources-age',
  'source.failed': 'the messages come back, and what lasts is late: sources-age',
  'dispatch.failed': 'Lambda counts the invocation as an error: dispatch-errors',
  'jobs.failed': 'Lambda counts the invocation as an error: jobs-errors',
  'sweep.failed': 'Lambda counts the invocation as an error: sweep-errors',
};

/** What stands in the place of a name that is put together, or is a parameter. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['not-hidden', 'poisoned', 'not-poisoned'].map((what) => [
      `\${stageOf(queue, message)}.${what}`,
      [`dispatch.${what}`, `job.${what}`],
    ]),
  ),
  '${stage}.failed': ['dispatch', 'jobs', 'sweep', 'authorizer', 'source'].map((stage) => `${stage}.failed`),
};
/** They pass on what others log. */
const PASSING_ON = new Set([
  'lib/adapters/log/sampled-log.ts',
  'lib/adapters/log/json-log.ts',
  'lib/ports/log.ts',
  'lib/pipeline/delivery/logging-faults.ts',
]);

/** The names of the lines of level warn and error that a file logs. */
function linesOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const calls = source.matchAll(
    /\b(?:log\.(?:warn|error)\(|loggingFaults\([\w.]+,)\s*(?:(['"`])(?<text>[^'"`]+)\1|(?<name>\w+))/g,
  );
  return [...calls].flatMap(
    ({ groups: { text, name } = {} }) => PLACES[text ?? name ?? ''] ?? [text ?? `${name} of ${file}`],
  );
}

const found = new Map<LambdaEntry, Promise<string[]>>();

/** Each function is bundled once. */
function linesOfFunction(entry: LambdaEntry): Promise<string[]> {
  const lines = found.get(entry) ?? findLines(entry);
  found.set(entry, lines);
  return lines;
}

async function findLines(entry: LambdaEntry): Promise<string[]> {
  const files = (await contentsOf(entry)).filter((file) => /^(?:lib|lambdas)\//.test(file) && !PASSING_ON.has(file));
  return [...new Set(files.flatMap(linesOf))];
}

test.each(entries)(
  'each line of level warn or error that %s can log is counted for an alarm, or listed with the reason',
  async (entry) => {
    const lines = await linesOfFunction(entry);
    const isCounted = (event: string) =>
      filters.some((filter) => filter.entry === entry && matches(filter.pattern, JSON.stringify({ event })));
    expect(lines.filter((line) => !isCounted(line) && !(line in UNCOUNTED))).toEqual([]);
  },
);

test('what filters wait for, and what is listed as uncounted, is logged by a function', async () => {
  const logged = new Set((await Promise.all(entries.map(linesOfFunction))).flat());
  const words = filters.flatMap(({ pattern }) => termsOf(pattern)).map(({ field, value }) => `${field} ${value}`);
  const listed = Object.keys(UNCOUNTED).map((event) => `event ${event}`);
  const unknown = [...new Set([...words, ...listed])].filter((word) => !logged.has(word.replace(/^event /, '')));
  // In whichever line about an error.
  expect(unknown).toEqual(['fault throttled']);
  expect(logged.size).toBeGreaterThan(25);
});

test('a fault inside the answer of a batch is counted in the log of ingest', () => {
  for (const event of ['api.unavailable', 'api.failed']) {
    const line = JSON.stringify({ route: 'events.batch', level: 'error', event });
    const counting = filters.filter(({ entry, pattern }) => entry === 'ingest' && matches(pattern, line));
    expect(counting.map(({ metric }) => metric)).toEqual(['Postrider-faults']);
  }
});

/** The metrics that count a line of dispatch. */
function countsOf(write: (log: ReturnType<typeof createJsonLog>) => void): string[] {
  const lines: string[] = [];
  write(createJsonLog({ clock: systemClock, write: (line) => lines.push(line) }));
  const [line = ''] = lines;
  const counting = filters.filter(({ entry, pattern }) => entry === 'dispatch' && matches(pattern, line));
  return counting.map(({ metric }) => metric);
}

test('a throttled call counts as a fault in any line about an error, also as the cause of another', () => {
  const cause = throttled('GetItem');
  expect(countsOf((log) => log.error('a.line', cause))).toEqual(['Postrider-faults']);
  expect(countsOf((log) => log.error('a.line', new Error('why', { cause })))).toEqual(['Postrider-faults']);
});

test.each(filters.flatMap(({ pattern }) => termsOf(pattern)).map(({ value }) => value))(
  'no tenant can raise an alarm by the words %s in its event types, ids, URLs or answers',
  (words) => {
    const said = { event_type: words, tenant_id: words, endpoint_id: words, error_message: words };
    expect(countsOf((log) => log.info('dispatch.attempt', { ...said, url: `https://a.test/${words}` }))).toEqual([]);
    expect(countsOf((log) => log.warn('endpoint.gone', { ...said, url: `"event":"${words}"` }))).toEqual([]);
    expect(countsOf((log) => log.error('dispatch.failed', new Error(`"fault":"${words}"`), said))).toEqual([]);
  },
);

test('a pattern is no longer than CloudWatch takes, 1,024 characters', () => {
  expect(filters.length).toBeGreaterThan(10);
  for (const { pattern } of filters) expect(pattern.length).toBeLessThanOrEqual(1024);
});
