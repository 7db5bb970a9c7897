import type { StatsRange, StepStats } from '../../../domain/stats.ts';
import { type LatencySteps, latencyOf } from '../../../domain/latencies.ts';
import { type DayUsage, NO_USAGE, type Usage, dayOf, sumOfUsage } from '../../../domain/usage.ts';
import type { EndpointStats } from '../../../pipeline/history/endpoint-stats.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { StatsJson } from './schemas.ts';

export function endpointStatsJson(endpointId: string, range: StatsRange, stats: EndpointStats): StatsJson {
  return {
    endpoint_id: endpointId,
    ...rangeJson(range),
    source: 'deliveries',
    capped: stats.isCapped,
    complete_since: asTimestamp(stats.completeSince),
    data: stats.steps.map(({ at, ...counts }) => ({ at: asTimestamp(at), ...countsJson(counts) })),
    total: countsJson(stats.total),
  };
}

export function usageStatsJson(range: StatsRange, days: readonly DayUsage[]): StatsJson {
  const byDay = new Map<string, Usage>(days.map((one) => [one.day, one]));
  const data: StatsJson['data'] = [];
  for (let at = range.since; at < range.until; at += range.step) {
    data.push({ at: asTimestamp(at), ...usageJson(byDay.get(dayOf(at)) ?? NO_USAGE) });
  }
  return {
    endpoint_id: null,
    ...rangeJson(range),
    source: 'usage',
    capped: false,
    complete_since: asTimestamp(range.since),
    data,
    total: usageJson(sumOfUsage(days)),
  };
}

function rangeJson({ since, until, step }: StatsRange) {
  return { since: asTimestamp(since), until: asTimestamp(until), step: step / 1000 };
}

function countsJson({ failedAttempts, durations, ...counts }: StepStats): StatsJson['total'] {
  return { ...counts, failed_attempts: failedAttempts, duration_ms: durations ?? null };
}

function usageJson({ delivered, exhausted, abandoned, attempts, latencies }: Usage): StatsJson['total'] {
  const unknown = { waiting: null, held: null, failed_attempts: null };
  return { delivered, exhausted, abandoned, attempts, ...unknown, duration_ms: durationsOf(latencies.requests) };
}

function durationsOf(requests: LatencySteps): StatsJson['total']['duration_ms'] {
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => latencyOf(share, requests));
  return p50 === undefined || p95 === undefined || max === undefined ? null : { p50, p95, max };
}
