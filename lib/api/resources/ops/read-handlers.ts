import { dayOf, sumOfUsage } from '../../../domain/usage.ts';
import { overviewOf } from '../../../pipeline/history/overview.ts';
import { listTroubled } from '../../../pipeline/history/troubled.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { jobJson } from '../jobs/view.ts';
import { checkDays } from '../usage/days.ts';
import { opsRoutes } from './routes.ts';
import { MAX_OPS_DAYS } from './usage-schemas.ts';
import { overviewJson, tenantUsageJson, troubledJson } from './view.ts';

type Used =
  | 'clock'
  | 'queues'
  | 'due'
  | 'deliveries'
  | 'brakes'
  | 'troubled'
  | 'endpoints'
  | 'health'
  | 'jobs'
  | 'subscriptions'
  | 'tenants'
  | 'usage';

export const opsReadHandlers: HandlersOf<typeof opsRoutes, 'history', Used> = {
  'ops.overview': async (_, { ports }) => overviewJson(await overviewOf(ports), ports.clock.now()),

  'ops.endpoints': async ({ query }, { ports }) => {
    const list = { route: opsRoutes.endpoints.id, tenantId: '', filters: { state: query.state } };
    const { data, nextCursor } = await listTroubled(ports, query.state, listRange(list, query));
    return { data: data.map(troubledJson), next_cursor: writeCursor(list, nextCursor) };
  },

  'ops.usage': async ({ query }, { ports }) => {
    const { until = dayOf(ports.clock.now()) } = query;
    const { since = `${until.slice(0, 8)}01` } = query;
    checkDays(since, until, MAX_OPS_DAYS);
    const list = { route: opsRoutes.usage.id, tenantId: '', filters: { since, until } };
    const { cursor, limit } = listRange(list, { cursor: query.cursor, limit: query.limit });
    const { tenants, next } = await ports.tenants.page(cursor, limit);
    const data = await Promise.all(
      tenants.map(async ({ id, name }) => {
        const [days, { eventsPerSecond }] = await Promise.all([
          ports.usage.days(id, since, until),
          ports.subscriptions.tenant(id),
        ]);
        return tenantUsageJson({ id, name, eventsPerSecond }, sumOfUsage(days));
      }),
    );
    return { since, until, data, next_cursor: writeCursor(list, next) };
  },

  'ops.jobs': async ({ query }, { ports }) => {
    const list = { route: opsRoutes.jobs.id, tenantId: '' };
    const { cursor, limit } = listRange(list, query);
    const { jobs, next } = await ports.jobs.pageOpen(cursor, limit);
    return { data: await shownJobs(ports, jobs), next_cursor: writeCursor(list, next) };
  },
};

/** The index may lag: one that has ended since is left out. */
async function shownJobs({ jobs }: Pick<Ports, 'jobs'>, open: readonly { tenantId: string; id: string }[]) {
  const read = await Promise.all(open.map(({ tenantId, id }) => jobs.get(tenantId, id)));
  const running = read.filter((job) => job?.status === 'running');
  return running.flatMap((job) => (job ? [{ tenant_id: job.tenantId, job: jobJson(job) }] : []));
}
