import type { OpsTenantUsage } from '@postrider/sdk';
import { useRef } from 'preact/hooks';
import { useLoad } from '../../data/load.ts';
import { api } from '../../session/session.ts';
import { type Steps, p95Of, stepsSince, sumOfSteps } from './latency.ts';

const LIVE_MS = 15_000;
const PAGE = 100;
/** More would take longer than a look at the screen. */
const MOST_TENANTS = 1000;
const MINUTE_MS = 60_000;

const COUNTS = ['events', 'attempts', 'delivered', 'exhausted', 'abandoned'] as const;

interface Sum extends Record<(typeof COUNTS)[number], number> {
  first_attempts: Steps;
  requests: Steps;
}

export interface Today extends Sum {
  /** There are more tenants than were read. */
  isCapped: boolean;
  /** Since the reading before; undefined at first. */
  eventsPerMinute?: number;
  attemptsPerMinute?: number;
  /** From the 202 to the first attempt, since the reading before: what 95 of a hundred did not exceed. */
  firstAttemptMs?: number | undefined;
}

const NOTHING: Sum = {
  events: 0,
  attempts: 0,
  delivered: 0,
  exhausted: 0,
  abandoned: 0,
  first_attempts: [],
  requests: [],
};

/** What all tenants used today, and how fast that grows. */
export function useToday(): Today | undefined {
  const before = useRef<{ at: number; sum: Sum }>(undefined);
  const read = async (signal: AbortSignal): Promise<Today> => {
    const { sum, isCapped } = await sumOfToday(signal);
    const now = { at: Date.now(), sum };
    const last = before.current;
    before.current = now;
    // At midnight the sums begin anew.
    const since = last && sum.events >= last.sum.events ? last : undefined;
    return { ...sum, isCapped, ...(since && growth(sum, since.sum, now.at - since.at)) };
  };
  return useLoad(read, 'today', { every: LIVE_MS }).value;
}

function growth(sum: Sum, last: Sum, ms: number) {
  const perMinute = MINUTE_MS / Math.max(ms, 1);
  return {
    eventsPerMinute: (sum.events - last.events) * perMinute,
    attemptsPerMinute: Math.max(0, sum.attempts - last.attempts) * perMinute,
    firstAttemptMs: p95Of(stepsSince(sum.first_attempts, last.first_attempts)),
  };
}

async function sumOfToday(signal: AbortSignal): Promise<{ sum: Sum; isCapped: boolean }> {
  const day = new Date().toISOString().slice(0, 10);
  let sum = NOTHING;
  let tenants = 0;
  for await (const used of api().ops.usage({ since: day, until: day, limit: PAGE }, { signal })) {
    if (tenants === MOST_TENANTS) return { sum, isCapped: true };
    sum = add(sum, used);
    tenants += 1;
  }
  return { sum, isCapped: false };
}

function add(one: Sum, other: OpsTenantUsage): Sum {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, one[name] + other[name]]));
  return {
    ...(counts as Pick<Sum, (typeof COUNTS)[number]>),
    first_attempts: sumOfSteps(one.first_attempts, other.first_attempts),
    requests: sumOfSteps(one.requests, other.requests),
  };
}
