/** A whole deployment's brake, or one tenant's. */
export type BrakeScope = { tenantId: string } | 'deployment';

/** So many tenants' at most: past that, it is the deployment that has to stop. */
export const MAX_TENANT_BRAKES = 40;

/** Stops all sending and lets it go on (protocol E3). Dispatch reads the brakes with each batch. */
export interface Brakes {
  /**
   * @param at milliseconds since the Unix epoch; a brake that is set already keeps its time
   * @returns false when {@link MAX_TENANT_BRAKES} others are set: nothing is done
   */
  set(scope: BrakeScope, at: number): Promise<boolean>;
  /** False when none was set. */
  release(scope: BrakeScope): Promise<boolean>;
  /** Consistent. When it was set; undefined when it is not. */
  get(scope: BrakeScope): Promise<number | undefined>;
}
