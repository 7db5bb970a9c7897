/** A whole deployment's brake, or one tenant's. */
export type BrakeScope = { tenantId: string } | 'deployment';

/** Most tenants that can be braked at the same time; for more, brake the deployment. */
export const MAX_TENANT_BRAKES = 40;

/** Is a tenant's sending stopped? */
export type IsBraked = (tenantId: string) => boolean;

/** Stops sending, and releases it (invariant 13). Dispatch reads the brakes with each batch. */
export interface Brakes {
  /**
   * @param at milliseconds since the Unix epoch; a brake that is already set keeps its time
   * @returns false when {@link MAX_TENANT_BRAKES} other tenants are braked: nothing is written
   */
  set(scope: BrakeScope, at: number): Promise<boolean>;
  /** False when none was set. */
  release(scope: BrakeScope): Promise<boolean>;
  /** Consistent. When it was set; undefined when it is not. */
  get(scope: BrakeScope): Promise<number | undefined>;
  /**
   * Consistent: which tenants' sending is stopped, by their own brake or the deployment's. Sweep asks at each run, and so a
   * change that died half-way is in force everywhere, or nowhere, from then on.
   */
  standing(): Promise<IsBraked>;
}
