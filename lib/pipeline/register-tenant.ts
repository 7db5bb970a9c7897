import { tenantErased } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration, Tenant } from '../ports/tenant-store.ts';

export type RegisterPorts = Pick<Ports, 'clock' | 'tenants'>;

/** Registers a tenant that is not yet registered. @throws RequestError `tenant-erased` */
export type RegisterTenant = (tenantId: string) => Promise<void>;

/** Calls that come while a tenant is being registered wait for that one. */
export function createRegisterTenant({ clock, tenants }: RegisterPorts): RegisterTenant {
  const running = new Map<string, Promise<void>>();
  return (tenantId) => {
    const known = running.get(tenantId);
    if (known) return known;
    const registering = registerUnlessErased(tenants, { id: tenantId, registeredAt: clock.now() })
      .then(() => undefined)
      .finally(() => running.delete(tenantId));
    running.set(tenantId, registering);
    return registering;
  };
}

/** @returns whether it is there since now. @throws RequestError `tenant-erased` */
export async function registerUnlessErased(
  tenants: Pick<Ports['tenants'], 'registerUnlessThere'>,
  tenant: Tenant,
): Promise<Exclude<Registration, 'erased'>> {
  const registration = await tenants.registerUnlessThere(tenant);
  if (registration === 'erased') throw tenantErased();
  return registration;
}

/** @throws RequestError `tenant-erased` */
export async function refuseErased({ subscriptions }: Pick<Ports, 'subscriptions'>, tenantId: string): Promise<void> {
  if ((await subscriptions.tenant(tenantId)).isErased) throw tenantErased();
}
