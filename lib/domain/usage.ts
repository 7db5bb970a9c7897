/** What is counted of a tenant's day, each a number of things. */
export const USAGE_COUNTS = ['events', 'attempts', 'delivered', 'exhausted', 'abandoned'] as const;

export type UsageCounts = Record<(typeof USAGE_COUNTS)[number], number>;

export interface DayUsage extends UsageCounts {
  /** In UTC: `2026-02-06`. */
  day: string;
}

export const NO_USAGE: Readonly<UsageCounts> = { events: 0, attempts: 0, delivered: 0, exhausted: 0, abandoned: 0 };

/** @param at milliseconds since the Unix epoch */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function sumOfUsage(all: readonly UsageCounts[]): UsageCounts {
  const sum = { ...NO_USAGE };
  for (const counts of all) for (const name of USAGE_COUNTS) sum[name] += counts[name];
  return sum;
}

/**
 * Dollars on AWS, by list prices of us-east-1 (docs/cost.md, single posts in full batches): what accepting an event costs,
 * and what an attempt does.
 */
const USD = { event: 2.5e-6, attempt: 1.2e-6 } as const;

/** An estimate: counts are added, and an addition may repeat or be lost. */
export function estimatedUsd({ events, attempts }: Pick<UsageCounts, 'events' | 'attempts'>): number {
  return events * USD.event + attempts * USD.attempt;
}
