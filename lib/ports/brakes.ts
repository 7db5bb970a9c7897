/** A whole deployment's brake, or one tenant's. */
export type BrakeScope = { tenantId: string } | 'deployment';

/** Stops all sending and lets it go on (protocol E3). Dispatch reads the brakes with each batch. */
export interface Brakes {
  /** @param at milliseconds since the Unix epoch; a brake that is set already keeps its time */
  set(scope: BrakeScope, at: number): Promise<void>;
  /** False when none was set. */
  release(scope: BrakeScope): Promise<boolean>;
  /** Consistent. When it was set; undefined when it is not. */
  get(scope: BrakeScope): Promise<number | undefined>;
}
