import type { Conditions } from './cost-lines.ts';
import { totalOf } from './call-table.ts';
import { EventPath, type Taken } from './event-path.ts';
import { ASSUMPTIONS, PRICES } from './prices.ts';

/** What polling takes, over emulators. */
export interface Polls {
  /** So many events, each posted by itself. */
  posted: Taken;
  /** One poll that gives them all. */
  polled: Taken;
  /** The commit that settles them. */
  committed: Taken;
  /** A poll that finds nothing. */
  empty: Taken;
}

export const PAGE = 50;
const TENANT = 'polling';
const CONSUMER = 'bench';
/** On AWS a delivery is given a second after it was written. */
const DELAY_MS = 1100;
/** Milliseconds of a whole processor for rendering and signing one delivery. */
const RENDER_MS = 0.2;
const POLL_MIB = 512;
const MILLION = 1e6;
const SECONDS_A_MONTH = 30 * 24 * 3600;

/** Everything runs once before, so that caches are filled. @throws Error when not every delivery came */
export async function measurePolls(): Promise<Polls> {
  await using cleanup = new AsyncDisposableStack();
  const path = await EventPath.start();
  cleanup.defer(() => path.stop());
  const id = await path.registerPolled(TENANT);
  await path.commit(TENANT, id, CONSUMER, { from: 'now' });
  const { cursor } = await pass(path, id, { consumer: CONSUMER });
  const measured = await pass(path, id, { cursor });
  await path.poll(TENANT, id, { cursor: measured.cursor });
  return { ...measured.polls, empty: path.take() };
}

/** Posts a page of events, polls and commits them. */
async function pass(path: EventPath, id: string, from: Record<string, string>) {
  path.take();
  for (let n = 0; n < PAGE; n += 1) await path.post({ tenant: TENANT, body: { type: 'task.completed', data: { n } } });
  const posted = path.take();
  await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
  const { count, cursor } = await path.poll(TENANT, id, { ...from, limit: `${PAGE}` });
  if (count < PAGE) throw new Error(`a poll gave ${count} deliveries instead of ${PAGE}`);
  const polled = path.take();
  await path.commit(TENANT, id, CONSUMER, { cursor });
  return { cursor, polls: { posted, polled, committed: path.take() } };
}

/** Dollars for a million deliveries. */
export function costOfPolling({ posted, polled, committed }: Polls, conditions: Conditions): Record<string, number> {
  const all = [posted, polled, committed].flatMap(({ counts }) => counts);
  const requests = PAGE + 2;
  const dollars = {
    'API Gateway, requests': requests * PRICES.apiRequest.usd,
    'Lambda, invocations': requests * PRICES.lambdaRequest.usd,
    'Lambda ingest, time': PAGE * usdOfTime(posted, PAGE, conditions.memory.ingest, conditions),
    'Lambda poll, time':
      usdOfTime(polled, 1, POLL_MIB, conditions, PAGE * RENDER_MS) + usdOfTime(committed, 1, POLL_MIB, conditions),
    'DynamoDB, writes': totalOf(all, 'writeUnits') * PRICES.writeUnit.usd,
    'DynamoDB, reads': totalOf(all, 'readUnits') * PRICES.readUnit.usd,
  };
  const scaled = Object.entries(dollars).map(([line, usd]): [string, number] => [line, (usd / PAGE) * MILLION]);
  return Object.fromEntries([...scaled, ['sum', scaled.reduce((sum, [, usd]) => sum + usd, 0)]]);
}

/** Dollars for a month of polls that find nothing, one each second. */
export function secondlyUsd({ empty }: Polls, conditions: Conditions): number {
  const reads = totalOf(empty.counts, 'readUnits') * PRICES.readUnit.usd;
  const time = usdOfTime(empty, 1, POLL_MIB, conditions);
  return SECONDS_A_MONTH * (PRICES.apiRequest.usd + PRICES.lambdaRequest.usd + time + reads);
}

/** Of one invocation: its calls one after the other, and the processor time that its memory gives it. */
function usdOfTime(
  { counts }: Taken,
  invocations: number,
  memory: number,
  { sdkCallMs }: Conditions,
  ownMs = 0,
): number {
  const calls = totalOf(counts, 'calls') / invocations;
  const operations = new Set(counts.map(({ operation }) => operation)).size;
  const waitMs = operations * (ASSUMPTIONS.callMs.DynamoDB ?? 0);
  const cpuMs = (calls * sdkCallMs + ASSUMPTIONS.ownCpuMs.post + ownMs) * (ASSUMPTIONS.memoryOfOneProcessor / memory);
  return (Math.ceil(waitMs + cpuMs) / 1000) * (memory / 1024) * PRICES.lambdaGbSecond.usd;
}
