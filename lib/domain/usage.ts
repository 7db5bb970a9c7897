import { type Latencies, NO_LATENCIES, sumOfLatencies } from './latencies.ts';

/** What is counted of a tenant's day, each a number of things. */
export const USAGE_COUNTS = ['events', 'attempts', 'delivered', 'exhausted', 'abandoned'] as const;

export type UsageCounts = Record<(typeof USAGE_COUNTS)[number], number>;

export interface Usage extends UsageCounts {
  latencies: Latencies;
}

export interface DayUsage extends Usage {
  /** In UTC: `2026-02-06`. */
  day: string;
}

export const NO_USAGE: Readonly<Usage> = {
  events: 0,
  attempts: 0,
  delivered: 0,
  exhausted: 0,
  abandoned: 0,
  latencies: NO_LATENCIES,
};

/** @param at milliseconds since the Unix epoch */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function sumOfUsage(all: readonly Usage[]): Usage {
  const sum = { ...NO_USAGE };
  for (const used of all) {
    for (const name of USAGE_COUNTS) sum[name] += used[name];
    sum.latencies = sumOfLatencies(sum.latencies, used.latencies);
  }
  return sum;
}

/**
 * Dollars on AWS, by list prices of us-east-1 (docs/cost.md, single posts in full batches): what accepting an event costs,
 * and what an attempt does.
 */
const USD = { event: 2.5e-6, attempt: 1.25e-6 } as const;

/** An estimate: counts are added, and an addition may repeat or be lost. */
export function estimatedUsd({ events, attempts }: Pick<UsageCounts, 'events' | 'attempts'>): number {
  return events * USD.event + attempts * USD.attempt;
}
