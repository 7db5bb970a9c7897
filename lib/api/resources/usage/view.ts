import { type Usage, estimatedUsd } from '../../../domain/usage.ts';

/** A millionth of a dollar. */
const MICROS = 1e6;

export function withCost({ events, attempts, delivered, exhausted, abandoned }: Usage) {
  const cost_usd = Math.round(estimatedUsd({ events, attempts }) * MICROS) / MICROS;
  return { events, attempts, delivered, exhausted, abandoned, cost_usd };
}
