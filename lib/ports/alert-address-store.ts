import type { AlertAddress } from '../domain/alert-address.ts';

/** Where the alerts of tenants are mailed: one address a tenant. */
export interface AlertAddressStore {
  /** Consistent. */
  get(tenantId: string): Promise<AlertAddress | undefined>;
  /** False when the stored version is another (undefined: when there is one): nothing is written. */
  replaceIfVersion(alert: AlertAddress, version: string | undefined): Promise<boolean>;
  /** Nothing of it stays. */
  remove(tenantId: string): Promise<void>;
}
