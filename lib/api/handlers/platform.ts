import { RequestError } from '../../domain/errors.ts';
import { type BrakeScope, MAX_TENANT_BRAKES } from '../../ports/brakes.ts';
import type { HandlerContext, HandlersOf } from '../handler.ts';
import { instantOrNull } from '../views/instant.ts';

interface BrakeQuery {
  tenant_id?: string | undefined;
}

export const platformHandlers: HandlersOf<'brake' | 'tenants'> = {
  'brake.get': async ({ query }, context) => showBrake(query, context),

  'brake.set': async ({ query }, context) => {
    const { brakes, clock, log } = context.ports;
    if (!(await brakes.set(scopeOf(query), clock.now()))) throw tooManyBrakes();
    log.warn('brake.set', { tenant_id: query.tenant_id });
    return showBrake(query, context);
  },

  'brake.release': async ({ query }, context) => {
    const { brakes, log } = context.ports;
    await brakes.release(scopeOf(query));
    log.warn('brake.released', { tenant_id: query.tenant_id });
    return showBrake(query, context);
  },

  'tenants.get': async ({ params }, context) => showTenant(params.id, context),

  'tenants.update': async ({ params, body }, context) => {
    await context.ports.endpoints.setQuota(params.id, body.events_per_second ?? undefined);
    return showTenant(params.id, context);
  },
};

function scopeOf({ tenant_id: tenantId }: BrakeQuery): BrakeScope {
  return tenantId === undefined ? 'deployment' : { tenantId };
}

function tooManyBrakes(): RequestError {
  return new RequestError(
    'too-many-brakes',
    `The brakes of ${MAX_TENANT_BRAKES} tenants are set, which is the most: release some, or set the brake of the whole deployment.`,
  );
}

async function showBrake(query: BrakeQuery, { ports }: HandlerContext) {
  const since = await ports.brakes.get(scopeOf(query));
  return { tenant_id: query.tenant_id ?? null, braked_since: instantOrNull(since) };
}

async function showTenant(id: string, { ports }: HandlerContext) {
  const { eventsPerSecond } = await ports.endpoints.tenant(id);
  return { id, events_per_second: eventsPerSecond ?? null };
}
