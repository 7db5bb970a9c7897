import { type Usage, estimatedUsd } from '../../../domain/usage.ts';

/** A millionth of a dollar. */
const MICROS = 1e6;

export function withCost({ latencies: _, ...counts }: Usage) {
  return { ...counts, cost_usd: Math.round(estimatedUsd(counts) * MICROS) / MICROS };
}
