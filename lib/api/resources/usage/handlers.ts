import { dayOf, sumOfUsage } from '../../../domain/usage.ts';
import type { HandlersOf } from '../../handler.ts';
import { checkDays } from './days.ts';
import type { usageRoutes } from './routes.ts';
import { MAX_DAYS } from './schemas.ts';
import { withCost } from './view.ts';

export const usageHandlers: HandlersOf<typeof usageRoutes, 'history', 'clock' | 'usage'> = {
  'usage.get': async ({ query }, { ports, tenantId }) => {
    const today = dayOf(ports.clock.now());
    const { until = today } = query;
    const { since = `${until.slice(0, 8)}01` } = query;
    checkDays(since, until, MAX_DAYS);
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
