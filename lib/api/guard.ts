import type { Ports } from '../ports/ports.ts';
import type { ApiSettings } from './api-settings.ts';
import type { AuditPorts } from './audit.ts';
import type { Caller } from './auth/authorize.ts';
import { type FactorPorts, requireSecondFactor } from './auth/second-factor.ts';

type GuardPorts = FactorPorts & AuditPorts & Pick<Ports, 'subscriptions'>;

/**
 * What stands between a caller and a change: the second factor before it, the audit log around it. Made apart, so that a
 * function without such a change doesn't load what checks codes.
 */
export interface Guard extends GuardPorts {
  /** As {@link requireSecondFactor}. */
  requireSecondFactor(
    settings: Pick<ApiSettings, 'requireMfa'>,
    caller: Caller,
    code: string | undefined,
  ): Promise<void>;
}

export function createGuard(ports: GuardPorts): Guard {
  return {
    ...ports,
    requireSecondFactor: (settings, caller, code) => requireSecondFactor(ports, settings, caller, code),
  };
}
