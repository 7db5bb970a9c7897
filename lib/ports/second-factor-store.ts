import type { SecondFactor } from '../domain/second-factor.ts';

/** Whose factor: a tenant's, or the platform's own. */
export type FactorOwner = string | undefined;

/** The second factors: one a tenant, and one of the platform. */
export interface SecondFactorStore {
  /** Consistent. */
  get(owner: FactorOwner): Promise<SecondFactor | undefined>;
  /** False when the stored version is another (undefined: when there is one): nothing is written. */
  replaceIfVersion(factor: SecondFactor, version: string | undefined): Promise<boolean>;
  /** Nothing of it stays. */
  remove(owner: FactorOwner): Promise<void>;
}
