import { DAY, HOUR, SECOND } from '../../../domain/durations.ts';
import { type StatsRange, wholeSteps } from '../../../domain/stats.ts';
import { dayOf } from '../../../domain/usage.ts';
import { statsOfEndpoint } from '../../../pipeline/history/endpoint-stats.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { HandlersOf } from '../../handler.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import { listRange } from '../../http/list-range.ts';
import type { statsRoutes } from './routes.ts';
import { MAX_STEPS } from './schemas.ts';
import { endpointStatsJson, usageStatsJson } from './view.ts';

/** What is shown where nothing else is asked for. */
const ENDPOINT_MS = DAY;
const TENANT_MS = 30 * DAY;

type StatsPorts = Pick<Ports, 'clock' | 'endpoints' | 'deliveries' | 'usage'>;

export const statsHandlers: HandlersOf<typeof statsRoutes, 'history', keyof StatsPorts> = {
  'stats.get': async ({ query }, { ports, tenantId }) => {
    const { endpoint_id: endpointId } = query;
    if (endpointId === undefined) return ofTenant(ports, tenantId, query);
    const range = rangeOf(ports, query, { step: HOUR / SECOND, length: ENDPOINT_MS });
    return endpointStatsJson(endpointId, range, await statsOfEndpoint(ports, tenantId, endpointId, range));
  },
};

interface Asked {
  since?: number | undefined;
  until?: number | undefined;
  step?: number | undefined;
}

/** Usage is counted by day, and nothing finer. */
async function ofTenant(ports: StatsPorts, tenantId: string, query: Asked) {
  if (query.step !== undefined && query.step !== DAY / SECOND) throw invalid('step', ONLY_DAYS);
  const range = rangeOf(ports, query, { step: DAY / SECOND, length: TENANT_MS });
  const days = await ports.usage.days(tenantId, dayOf(range.since), dayOf(range.until - 1));
  return usageStatsJson(range, days);
}

/** @throws InvalidRequest */
function rangeOf(
  { clock }: Pick<Ports, 'clock'>,
  { since, until, step }: Asked,
  usual: { step: number; length: number },
): StatsRange {
  // The present moment is in the last step, also when it is the first of it.
  const end = until ?? clock.now() + 1;
  const asked = { since: since ?? end - usual.length, until: end };
  listRange({ route: 'stats.get', tenantId: '' }, { ...asked, limit: 1 });
  const range = wholeSteps({ ...asked, step: (step ?? usual.step) * 1000 });
  const steps = (range.until - range.since) / range.step;
  if (steps > MAX_STEPS)
    throw invalid(
      'since',
      `A call shows ${MAX_STEPS} steps at most, and these are ${steps}: ask for fewer, or longer ones.`,
    );
  return range;
}

const ONLY_DAYS = '`step`: without `endpoint_id` the numbers are by day: leave it off, or ask for 86400.';

function invalid(field: string, message: string): InvalidRequest {
  return new InvalidRequest('query', [{ field, message }]);
}
