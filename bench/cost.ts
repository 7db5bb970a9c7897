import { DEFAULT_LOG_SAMPLING } from '../lib/infra/checked-props.ts';
import { functionsOf, synthesize } from '../test/infra/synthesized.ts';
import { AUTHORIZER, AT_ONCE_NAME, type Measured, THIRD_ATTEMPT, measureCalls } from './calls.ts';
import {
  COST_LINES,
  type Conditions,
  type Cost,
  costOf,
  idlePollingUsd,
  isBySource,
  invocationMs,
  storageUsd,
  sumOf,
  usageUsd,
} from './cost-lines.ts';
import { type Load, type Way, measureLoads } from './load-calls.ts';
import { type Polls, costOfPolling, measurePolls, secondlyUsd } from './polls.ts';
import { AIMS, ASSUMPTIONS, PRICES, PRICES_READ } from './prices.ts';
import { measureSdkCall } from './sdk-time.ts';

const NAME_WIDTH = 32;
const CELL_WIDTH = 17;

/** Prints what a million deliveries cost on AWS, by list prices and by calls counted over emulators. */
export async function benchCost(): Promise<void> {
  const conditions = await conditionsOfStack();
  const loads = await measureLoads();
  console.log(formatCosts(loads, conditions, await measurePolls()));
}

async function conditionsOfStack(): Promise<Conditions> {
  const functions = functionsOf(synthesize().resources);
  const memoryOf = (name: string) => (functions[name] as { MemorySize: number }).MemorySize;
  const measured = await measureCalls();
  return {
    memory: { authorizer: memoryOf('authorizer'), dispatch: memoryOf('dispatch'), ingest: memoryOf('ingest') },
    logSampling: DEFAULT_LOG_SAMPLING,
    sdkCallMs: await measureSdkCall(),
    atOnce: named(measured, AT_ONCE_NAME),
    atThird: named(measured, THIRD_ATTEMPT),
    authorizer: named(measured, AUTHORIZER),
  };
}

function named(measured: readonly Measured[], name: string): Measured {
  const found = measured.find((one) => one.name === name);
  if (!found) throw new Error(`"${name}" was not measured`);
  return found;
}

/** Two tables, at full batches and at one message each, with the aims, and what they rest on. */
export function formatCosts(loads: readonly Load[], conditions: Conditions, polls: Polls): string {
  const tables = ([10, 1] as const).map((fill) => {
    const ofFill = loads.filter((load) => load.way.batchFill === fill && !isBySource(load));
    const costs = ofFill.map((load) => costOf(load, conditions));
    return [
      `A million deliveries, ${fill === 1 ? 'one message' : 'ten messages'} an invocation of dispatch, dollars`,
      row(
        '',
        ofFill.map(({ way }) => headOf(way)),
      ),
      ...COST_LINES.map((line) =>
        row(
          line,
          costs.map((cost) => usd(cost[line])),
        ),
      ),
      row(
        'sum',
        costs.map((cost) => usd(sumOf(cost))),
      ),
      ...(fill === 10 ? aimRows(ofFill, costs) : []),
      ...timeRows(ofFill, conditions),
    ].join('\n');
  });
  return [
    ...tables,
    ...formatSource(loads, conditions),
    formatPolls(polls, conditions),
    formatApart(loads),
    formatAssumptions(conditions),
  ].join('\n\n');
}

/** Of a queue whose messages become events; who sends them pays for that. */
function formatSource(loads: readonly Load[], conditions: Conditions): string[] {
  return loads.filter(isBySource).map((load) => {
    const cost = costOf(load, conditions);
    const rows = COST_LINES.filter((line) => cost[line] > 0).map((line) => row(line, [usd(cost[line])]));
    const head =
      'A million deliveries by a source, ten messages an invocation of its function and of dispatch, dollars';
    return [head, ...rows, row('sum', [usd(sumOf(cost))])].join('\n');
  });
}

/** Of endpoints that are polled: pages of fifty, each committed, and a poll each second that finds nothing. */
function formatPolls(polls: Polls, conditions: Conditions): string {
  const rows = Object.entries(costOfPolling(polls, conditions)).map(([name, cost]) => row(name, [usd(cost)]));
  return [
    'A million deliveries by polling, one event a post, fifty deliveries a poll, each poll committed, dollars',
    ...rows,
    row('a consumer that polls each second', [`${usd(secondlyUsd(polls, conditions))} a month`]),
  ].join('\n');
}

function aimRows(loads: readonly Load[], costs: readonly Cost[]): string[] {
  const aims = loads.map(({ way }) => aimOf(way));
  const verdicts = costs.map((cost, index) => {
    const over = sumOf(cost) - (aims[index] ?? 0);
    return over > 0 ? `missed by ${usd(over)}` : 'met';
  });
  return [row('aim', aims.map(usd)), row('', verdicts)];
}

function timeRows(loads: readonly Load[], conditions: Conditions): string[] {
  const ms = (name: 'dispatch' | 'ingest', invocations: (load: Load) => number) =>
    row(
      `  ms an invocation, ${name}`,
      loads.map((load) => `${invocationMs(load, name, invocations(load), conditions)}`),
    );
  return [ms('ingest', ({ posts }) => posts), ms('dispatch', ({ batches }) => batches)];
}

function formatApart(loads: readonly Load[]): string {
  const single = loads.find(({ way }) => way.eventsAPost === 1 && !way.keyed);
  return [
    'Apart from it, dollars a month, or a million',
    row('idle polling, no traffic at all', [usd(idlePollingUsd())]),
    row('  more, for each source', [usd(idlePollingUsd(1))]),
    row('a million: usage of ten tenants', [usd(usageUsd(10))]),
    row('a million kept for a month', [single ? usd(storageUsd(single)) : '']),
  ].join('\n');
}

function formatAssumptions({ memory, logSampling, sdkCallMs }: Conditions): string {
  const { answerMs, callMs, failing, lateReplica, rememberedKeys, ownCpuMs } = ASSUMPTIONS;
  return [
    'Measured: calls, bytes, units and log lines, over emulators; ' +
      `processor time of an SDK call on this machine, ${sdkCallMs.toFixed(2)} ms`,
    `From the stack: memory of ingest ${memory.ingest}, dispatch ${memory.dispatch}, authorizer ${memory.authorizer} MB; log sampling ${logSampling}`,
    `Assumed: a customer answers in ${answerMs} ms; a call of DynamoDB takes ${callMs.DynamoDB} ms, of SQS ${callMs.SQS} ms;`,
    `  processor time beside the SDK's: ${ownCpuMs.post} ms a post, ${ownCpuMs.event} an event in it, ${ownCpuMs.message} a message,`,
    `  ${ownCpuMs.handshake} more where it is alone in its batch, for a new connection;`,
    "  processors as fast as this machine's;",
    `  ${rememberedKeys * 100} % of posts with a remembered key; ${failing * 100} % of deliveries succeed at the third attempt;`,
    `  ${lateReplica * 100} % of first attempts come before a replica shows their event;`,
    `  ${ASSUMPTIONS.successesALine.busy} deliveries of a busy instance, ${ASSUMPTIONS.successesALine.quiet} of a quiet one, in a line of metrics;`,
    '  one tenant with ten endpoints, small events, everything warm',
    'Left out: free tiers, volume discounts, transfer to customers, calls of KMS, kept logs, alarms, custom metrics by the month, the sweep',
    `Prices of us-east-1, read ${PRICES_READ}:`,
    ...Object.values(PRICES).map(({ text, page }) => `  ${text} (${page})`),
  ].join('\n');
}

function aimOf({ eventsAPost, keyed }: Way): number {
  if (eventsAPost === 1) return keyed ? AIMS.singleKeyed : AIMS.single;
  return keyed ? AIMS.batchKeyed : AIMS.batch;
}

function headOf({ eventsAPost, keyed }: Way): string {
  return `${eventsAPost === 1 ? 'single' : 'by 100'}${keyed ? ' + key' : ''}`;
}

function usd(dollars: number): string {
  return dollars.toFixed(2);
}

function row(name: string, cells: readonly string[]): string {
  return (name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')).trimEnd();
}
