import type { HandlerContext, HandlersOf } from '../../handler.ts';
import type { tenantRoutes } from './routes.ts';
import type { TenantJson } from './schemas.ts';

export const tenantHandlers: HandlersOf<typeof tenantRoutes, 'account', 'subscriptions'> = {
  'tenants.get': async ({ params }, context) => show(context, params.id),

  'tenants.update': async ({ params, body }, context) => {
    await context.ports.subscriptions.setQuota(params.id, body.events_per_second ?? undefined);
    return show(context, params.id);
  },
};

async function show({ ports }: HandlerContext<'subscriptions'>, id: string): Promise<TenantJson> {
  const { eventsPerSecond } = await ports.subscriptions.tenant(id);
  return { id, events_per_second: eventsPerSecond ?? null };
}
