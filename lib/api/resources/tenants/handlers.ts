import { RequestError, tenantErased } from '../../../domain/errors.ts';
import { policyInForce } from '../../../domain/event-type.ts';
import { registerUnlessErased } from '../../../pipeline/register-tenant.ts';
import type { Tenant } from '../../../ports/tenant-store.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { asTimestampOrNull } from '../../schemas/times.ts';
import { tenantRoutes } from './routes.ts';
import type { PolicyEdit, TenantJson } from './schemas.ts';

type Used = 'subscriptions' | 'tenants' | 'factors' | 'clock';
type Context = HandlerContext<Used>;

export const tenantHandlers: HandlersOf<typeof tenantRoutes, 'account', Used> = {
  'tenants.create': async ({ body }, context) => {
    const { id, name, events_per_second: quota } = body;
    if ((await register(context, id, name ?? undefined)) === 'there') throw alreadyThere();
    if (quota !== undefined) await context.ports.subscriptions.setQuota(id, quota ?? undefined);
    await setPolicy(context, id, body);
    return show(context, id);
  },

  'tenants.list': async ({ query }, context) => {
    const list = { route: tenantRoutes.list.id, tenantId: '' };
    const { cursor, limit } = listRange(list, query);
    const { tenants, next } = await context.ports.tenants.page(cursor, limit);
    const data = await Promise.all(tenants.map((tenant) => view(context, tenant.id, tenant)));
    return { data, next_cursor: writeCursor(list, next) };
  },

  'tenants.get': async ({ params }, context) => show(context, params.id),

  'tenants.update': async ({ params, body }, context) => {
    const { subscriptions, tenants } = context.ports;
    await register(context, params.id);
    if (body.name !== undefined) await tenants.rename(params.id, body.name ?? undefined);
    const { events_per_second: quota } = body;
    if (quota !== undefined) await subscriptions.setQuota(params.id, quota ?? undefined);
    await setPolicy(context, params.id, body);
    return show(context, params.id);
  },

  'tenants.reset-mfa': async ({ params }, context) => {
    const tenant = await context.ports.tenants.get(params.id);
    if (tenant?.erasure) throw tenantErased();
    await context.ports.factors.remove(params.id);
    return view(context, params.id, tenant);
  },
};

/** Before anything of it is stored. */
function register({ ports }: Context, id: string, name?: string) {
  const { clock, tenants } = ports;
  return registerUnlessErased(tenants, { id, registeredAt: clock.now(), ...(name !== undefined && { name }) });
}

/** What is not given stays as it is; null: as the deployment has it. */
async function setPolicy({ ports }: Context, id: string, edit: PolicyEdit): Promise<void> {
  if (edit.unknown_types === undefined && edit.data_check === undefined) return;
  const { refusesUnknown, dataCheck } = (await ports.subscriptions.tenant(id)).eventTypePolicy ?? {};
  const refuses = edit.unknown_types === undefined ? refusesUnknown : isRefusal(edit.unknown_types);
  const check = edit.data_check === undefined ? dataCheck : (edit.data_check ?? undefined);
  await ports.subscriptions.setEventTypePolicy(id, {
    ...(refuses !== undefined && { refusesUnknown: refuses }),
    ...(check !== undefined && { dataCheck: check }),
  });
}

function isRefusal(unknownTypes: 'accept' | 'refuse' | null): boolean | undefined {
  return unknownTypes === null ? undefined : unknownTypes === 'refuse';
}

async function show(context: Context, id: string): Promise<TenantJson> {
  return view(context, id, await context.ports.tenants.get(id));
}

async function view({ ports, settings }: Context, id: string, tenant: Tenant | undefined): Promise<TenantJson> {
  const { eventsPerSecond, eventTypePolicy } = await ports.subscriptions.tenant(id);
  const { refusesUnknown, dataCheck } = policyInForce(settings.eventTypePolicy, eventTypePolicy);
  return {
    id,
    name: tenant?.name ?? null,
    events_per_second: eventsPerSecond ?? null,
    unknown_types: refusesUnknown ? 'refuse' : 'accept',
    data_check: dataCheck,
    registered_at: asTimestampOrNull(tenant?.registeredAt),
    erased_at: asTimestampOrNull(tenant?.erasure?.at),
  };
}

function alreadyThere(): RequestError {
  return new RequestError('wrong-state', 'This tenant is there already. Change it with `PATCH /v1/tenants/{id}`.');
}
