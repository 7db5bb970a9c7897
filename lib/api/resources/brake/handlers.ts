import { RequestError } from '../../../domain/errors.ts';
import { refuseErased } from '../../../pipeline/register-tenant.ts';
import { type BrakeScope, MAX_TENANT_BRAKES } from '../../../ports/brakes.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { asTimestampOrNull } from '../../schemas/times.ts';
import type { brakeRoutes } from './routes.ts';
import type { BrakeJson } from './schemas.ts';

interface BrakeQuery {
  tenant_id?: string | undefined;
}

export const brakeHandlers: HandlersOf<typeof brakeRoutes, 'account', 'brakes' | 'clock' | 'log' | 'subscriptions'> = {
  'brake.get': async ({ query }, context) => show(context, query),

  'brake.set': async ({ query }, context) => {
    const { brakes, clock, log } = context.ports;
    if (query.tenant_id !== undefined) await refuseErased(context.ports, query.tenant_id);
    if (!(await brakes.set(scopeOf(query), clock.now()))) throw tooManyBrakes();
    log.warn('brake.set', { tenant_id: query.tenant_id });
    return show(context, query);
  },

  'brake.release': async ({ query }, context) => {
    const { brakes, log } = context.ports;
    await brakes.release(scopeOf(query));
    log.warn('brake.released', { tenant_id: query.tenant_id });
    return show(context, query);
  },
};

/** As it is now. */
async function show({ ports }: HandlerContext<'brakes'>, query: BrakeQuery): Promise<BrakeJson> {
  const since = await ports.brakes.get(scopeOf(query));
  return { tenant_id: query.tenant_id ?? null, braked_since: asTimestampOrNull(since) };
}

function scopeOf({ tenant_id: tenantId }: BrakeQuery): BrakeScope {
  return tenantId === undefined ? 'deployment' : { tenantId };
}

function tooManyBrakes(): RequestError {
  return new RequestError(
    'too-many-brakes',
    `The brakes of ${MAX_TENANT_BRAKES} tenants are set, which is the most: release some, or set the brake of the whole deployment.`,
  );
}
