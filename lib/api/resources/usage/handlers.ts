import { type UsageCounts, dayOf, estimatedUsd, sumOfUsage } from '../../../domain/usage.ts';
import type { HandlersOf } from '../../handler.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import type { usageRoutes } from './routes.ts';
import { MAX_DAYS } from './schemas.ts';

const DAY_MS = 24 * 3600 * 1000;
/** A millionth of a dollar. */
const MICROS = 1e6;

export const usageHandlers: HandlersOf<typeof usageRoutes, 'history', 'clock' | 'usage'> = {
  'usage.get': async ({ query }, { ports, tenantId }) => {
    const today = dayOf(ports.clock.now());
    const { until = today } = query;
    const { since = `${until.slice(0, 8)}01` } = query;
    checkRange(since, until);
    const days = await ports.usage.days(tenantId, since, until);
    return {
      tenant_id: tenantId,
      since,
      until,
      data: days.map(({ day, ...counts }) => ({ day, ...withCost(counts) })),
      total: withCost(sumOfUsage(days)),
    };
  },
};

function withCost(counts: UsageCounts) {
  return { ...counts, cost_usd: Math.round(estimatedUsd(counts) * MICROS) / MICROS };
}

function checkRange(since: string, until: string): void {
  const days = (Date.parse(until) - Date.parse(since)) / DAY_MS + 1;
  if (days >= 1 && days <= MAX_DAYS) return;
  const message =
    days < 1 ? '`since` must not be after `until`.' : `A call shows ${MAX_DAYS} days at most: ask for less.`;
  throw new InvalidRequest('query', [{ field: 'since', message }]);
}
