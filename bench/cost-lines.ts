import { isRoutine } from '../lib/adapters/log/sampled-log.ts';
import type { CallCount } from './call-meter.ts';
import { totalOf } from './call-table.ts';
import type { Taken } from './event-path.ts';
import type { Load } from './load-calls.ts';
import { metricBytesADelivery } from './metric-lines.ts';
import { ASSUMPTIONS, PRICES } from './prices.ts';

/** What the prices are applied to, besides the calls. */
export interface Conditions {
  /** MiB, by function. */
  memory: Readonly<Record<'authorizer' | 'dispatch' | 'ingest', number>>;
  /** Share of the events whose routine lines are logged. */
  logSampling: number;
  /** Processor time of an SDK call with a whole processor, milliseconds. */
  sdkCallMs: number;
  /** One event that is delivered at the third attempt, and one that is at once. */
  atThird: Taken;
  atOnce: Taken;
  /** One question of the authorizer. */
  authorizer: Taken;
}

/** Dollars for a million deliveries. */
export type Cost = Readonly<Record<CostLine, number>>;

export const COST_LINES = [
  'API Gateway, requests',
  'authorizer: Lambda and read',
  'Lambda ingest, invocations',
  'Lambda ingest, time',
  'Lambda dispatch, invocations',
  'Lambda dispatch, time',
  'SQS, sends',
  'SQS, receives and deletes',
  'DynamoDB, writes',
  'DynamoDB, reads',
  'Logs of functions, sampled',
  'Metrics of functions',
  'Usage by tenant',
  'Logs of the gateway',
  'failing deliveries, on top',
] as const;
export type CostLine = (typeof COST_LINES)[number];

const MILLION = 1e6;
const MIB_PER_GB = 1024;
const SQS_REQUEST_BYTES = 65_536;
const SQS_USD = PRICES.sqsRequest.usd + PRICES.sqsFairQueue.usd;

/** What a million deliveries cost, each of an event of its own, one way. */
export function costOf(load: Load, conditions: Conditions): Cost {
  const { counts, events, posts, batches } = load;
  const timeOf = (name: 'dispatch' | 'ingest', invocations: number) =>
    usdOfTime(conditions.memory[name], invocations, invocationMs(load, name, invocations, conditions));
  const sends = counts.filter(({ operation }) => operation.startsWith('SQS Send'));
  const lineBytes = ASSUMPTIONS.accessLogBytes + ASSUMPTIONS.bytesALine;
  const secondLooks = events * ASSUMPTIONS.lateReplica * ASSUMPTIONS.secondLookUnits;
  const others = counts.filter(({ operation }) => !operation.startsWith('SQS Send'));
  const requests = isBySource(load) ? 0 : posts;
  const dollars: Record<CostLine, number> = {
    'API Gateway, requests': requests * PRICES.apiRequest.usd,
    'authorizer: Lambda and read': requests * (1 - ASSUMPTIONS.rememberedKeys) * usdOfAuthorizer(conditions),
    'Lambda ingest, invocations': posts * PRICES.lambdaRequest.usd,
    'Lambda ingest, time': timeOf('ingest', posts),
    'Lambda dispatch, invocations': batches * PRICES.lambdaRequest.usd,
    'Lambda dispatch, time': timeOf('dispatch', batches),
    'SQS, sends': sqsRequests(sends) * SQS_USD,
    'SQS, receives and deletes': sqsRequests(others) * SQS_USD,
    'DynamoDB, writes': totalOf(counts, 'writeUnits') * PRICES.writeUnit.usd,
    'DynamoDB, reads': (totalOf(counts, 'readUnits') + secondLooks) * PRICES.readUnit.usd,
    'Logs of functions, sampled': logBytes(load.logLines, conditions.logSampling) * PRICES.logByte.usd,
    'Metrics of functions': events * metricBytesADelivery(successesALine(load)) * PRICES.logByte.usd,
    'Usage by tenant': (events / additions(load)) * PRICES.writeUnit.usd,
    'Logs of the gateway': requests * lineBytes * PRICES.infrequentLogByte.usd,
    'failing deliveries, on top': events * ASSUMPTIONS.failing * usdOfFailing(conditions),
  };
  const scaled = COST_LINES.map((line) => [line, (dollars[line] / events) * MILLION]);
  return Object.fromEntries(scaled) as Cost;
}

/** Then no gateway is asked, and nobody is authorized. */
export const isBySource = ({ way }: Load) => way.eventsAPost === 10;

/** An instance whose batches are full is busy. */
function successesALine({ way }: Load): number {
  return way.batchFill > 1 ? ASSUMPTIONS.successesALine.busy : ASSUMPTIONS.successesALine.quiet;
}

/** Deliveries that one write adds to a tenant's usage. */
function additions({ way }: Load): number {
  return way.batchFill > 1 ? ASSUMPTIONS.deliveriesAnAddition.busy : ASSUMPTIONS.deliveriesAnAddition.quiet;
}

/** Dollars for a million deliveries when each batch has messages of so many tenants. */
export function usageUsd(tenants: number): number {
  return (MILLION / ASSUMPTIONS.deliveriesAnAddition.busy) * tenants * PRICES.writeUnit.usd;
}

export function sumOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, usd) => sum + usd, 0);
}

/** Dollars a month for receives that find nothing, with no traffic at all. */
export function idlePollingUsd(eventSources: number = ASSUMPTIONS.eventSources): number {
  const { idlePollers, idlePollsAMinute, minutesAMonth } = ASSUMPTIONS;
  return eventSources * idlePollers * idlePollsAMinute * minutesAMonth * SQS_USD;
}

/** Dollars a month for keeping what a million deliveries wrote: the bytes of their first and last writes. */
export function storageUsd({ counts, events }: Load): number {
  const puts = counts.filter(({ operation }) => operation === 'DynamoDB PutItem');
  return (totalOf(puts, 'bytesSent') / events) * MILLION * PRICES.storedGbMonth.usd;
}

/**
 * Milliseconds that one invocation takes: its calls one kind after the other, those of one kind together as far as the
 * sockets allow; the customers' answers, all together; and the processor time, stretched to the share that the memory
 * gives.
 */
export function invocationMs(
  load: Pick<Load, 'counts' | 'events'>,
  name: 'dispatch' | 'ingest',
  invocations: number,
  { memory, sdkCallMs }: Pick<Conditions, 'memory' | 'sdkCallMs'>,
): number {
  const counts = load.counts.filter(({ by }) => by === name);
  const items = load.events / invocations;
  const waits = counts.map(({ operation, calls }) => {
    const [service = ''] = operation.split(' ');
    const rounds = Math.ceil(calls / load.events) * Math.ceil(items / ASSUMPTIONS.sockets);
    return rounds * (ASSUMPTIONS.callMs[service] ?? 0);
  });
  const { post, event, message, handshake } = ASSUMPTIONS.ownCpuMs;
  const ofMessage = items > 1 ? message : message + handshake;
  const ownCpuMs = name === 'ingest' ? post + items * event : items * ofMessage;
  const cpuMs = (totalOf(counts, 'calls') / invocations) * sdkCallMs + ownCpuMs;
  const wait = waits.reduce((sum, ms) => sum + ms, name === 'dispatch' ? ASSUMPTIONS.answerMs : 0);
  return Math.ceil(wait + stretched(cpuMs, memory[name]));
}

function stretched(cpuMs: number, memory: number): number {
  return cpuMs * Math.max(1, ASSUMPTIONS.memoryOfOneProcessor / memory);
}

function usdOfTime(memory: number, invocations: number, ms: number): number {
  return invocations * (ms / 1000) * (memory / MIB_PER_GB) * PRICES.lambdaGbSecond.usd;
}

function usdOfAuthorizer({ authorizer, memory, sdkCallMs }: Conditions): number {
  const calls = totalOf(authorizer.counts, 'calls');
  const waitMs = calls * (ASSUMPTIONS.callMs.DynamoDB ?? 0);
  const ms = Math.ceil(waitMs + stretched(calls * sdkCallMs + ASSUMPTIONS.ownCpuMs.post, memory.authorizer));
  const reads = totalOf(authorizer.counts, 'readUnits') * PRICES.readUnit.usd;
  return PRICES.lambdaRequest.usd + usdOfTime(memory.authorizer, 1, ms) + reads;
}

/** What a delivery at the third attempt costs more than one at once, each attempt in an invocation of its own. */
function usdOfFailing(conditions: Conditions): number {
  return usdOfOne(conditions.atThird, conditions) - usdOfOne(conditions.atOnce, conditions);
}

/** One event's units, requests, lines, and invocations of dispatch. */
function usdOfOne({ counts, logLines }: Taken, conditions: Conditions): number {
  const receives = counts.filter(({ operation }) => operation === 'SQS ReceiveMessage');
  const attempts = totalOf(receives, 'calls');
  const ms = invocationMs({ counts, events: attempts }, 'dispatch', attempts, conditions);
  return (
    attempts * PRICES.lambdaRequest.usd +
    usdOfTime(conditions.memory.dispatch, attempts, ms) +
    sqsRequests(counts) * SQS_USD +
    totalOf(counts, 'writeUnits') * PRICES.writeUnit.usd +
    totalOf(counts, 'readUnits') * PRICES.readUnit.usd +
    logBytes(logLines, conditions.logSampling) * PRICES.logByte.usd
  );
}

function sqsRequests(counts: readonly CallCount[]): number {
  const requests = ({ calls, bytesSent, bytesReceived }: CallCount) =>
    Math.max(calls, Math.ceil(Math.max(bytesSent, bytesReceived) / SQS_REQUEST_BYTES));
  return counts.filter(({ operation }) => operation.startsWith('SQS ')).reduce((sum, one) => sum + requests(one), 0);
}

/** Bytes that are ingested when routine lines are written for a share of the events. */
export function logBytes(lines: readonly string[], share: number): number {
  const bytes = (line: string) => {
    const { event, ...fields } = JSON.parse(line) as { event: string } & Record<string, string | number>;
    const size = Buffer.byteLength(line) + ASSUMPTIONS.bytesALine;
    return isRoutine(event, fields) ? size * share : size;
  };
  return lines.reduce((sum, line) => sum + bytes(line), 0);
}
