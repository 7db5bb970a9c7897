import type { OpsTenantUsage } from '@postrider/sdk';
import { useRef } from 'preact/hooks';
import { useLoad } from '../../data/load.ts';
import { api } from '../../session/session.ts';

const LIVE_MS = 15_000;
const PAGE = 100;
/** More would take longer than a look at the screen. */
const MOST_TENANTS = 1000;
const MINUTE_MS = 60_000;

type Sum = Pick<OpsTenantUsage, 'events' | 'attempts' | 'delivered' | 'exhausted' | 'abandoned'>;

export interface Today extends Sum {
  /** There are more tenants than were read. */
  isCapped: boolean;
  /** Since the reading before; undefined at first. */
  eventsPerMinute?: number;
  attemptsPerMinute?: number;
}

const NOTHING: Sum = { events: 0, attempts: 0, delivered: 0, exhausted: 0, abandoned: 0 };

/** What all tenants used today, and how fast that grows. */
export function useToday(): Today | undefined {
  const before = useRef<{ at: number; sum: Sum }>(undefined);
  const read = async (signal: AbortSignal): Promise<Today> => {
    const { sum, isCapped } = await sumOfToday(signal);
    const now = { at: Date.now(), sum };
    const last = before.current;
    before.current = now;
    // At midnight the sums begin anew.
    if (!last || sum.events < last.sum.events) return { ...sum, isCapped };
    const perMinute = MINUTE_MS / Math.max(now.at - last.at, 1);
    return {
      ...sum,
      isCapped,
      eventsPerMinute: (sum.events - last.sum.events) * perMinute,
      attemptsPerMinute: Math.max(0, sum.attempts - last.sum.attempts) * perMinute,
    };
  };
  return useLoad(read, 'today', { every: LIVE_MS }).value;
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

function add(one: Sum, other: Sum): Sum {
  const names = Object.keys(NOTHING) as (keyof Sum)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as Sum;
}
