import type { Ports } from '../ports/ports.ts';

export type RegisterPorts = Pick<Ports, 'clock' | 'tenants'>;

/** Registers a tenant that is not yet registered. */
export type RegisterTenant = (tenantId: string) => Promise<void>;

/** Calls that come while a tenant is being registered wait for that one. */
export function createRegisterTenant({ clock, tenants }: RegisterPorts): RegisterTenant {
  const running = new Map<string, Promise<void>>();
  return (tenantId) => {
    const known = running.get(tenantId);
    if (known) return known;
    const registering = tenants
      .registerUnlessThere({ id: tenantId, registeredAt: clock.now() })
      .then(() => undefined)
      .finally(() => running.delete(tenantId));
    running.set(tenantId, registering);
    return registering;
  };
}
