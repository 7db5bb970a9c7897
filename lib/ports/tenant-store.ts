/** A tenant, as far as it has been registered. */
export interface Tenant {
  /** The platform's own text. */
  id: string;
  /** What people call it. */
  name?: string;
  /** When something was first stored for it, or the platform created it: milliseconds since the Unix epoch. */
  registeredAt: number;
  /** It was erased: only this tombstone is left, for as long as the log is kept. */
  erasure?: Erasure;
}

/** That a tenant is erased. */
export interface Erasure {
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** The job that removes what the tenant has. */
  jobId: string;
}

/** What became of a registration. `erased`: the tenant was erased, and nothing is written. */
export type Registration = 'new' | 'there' | 'erased';

export interface TenantPage {
  tenants: Tenant[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

/**
 * The list of all tenants. A tenant is registered before its first key, endpoint or event is stored, so nothing of a tenant
 * that is not listed exists.
 */
export interface TenantStore {
  registerUnlessThere(tenant: Tenant): Promise<Registration>;
  /**
   * Leaves a tombstone in the place of a tenant, in what ingest reads too: neither says anything else of it. The first
   * erasure stays; a repeated call finishes what an earlier one left.
   * @returns the tombstone; undefined for an unknown tenant
   */
  erase(id: string, erasure: Erasure): Promise<Tenant | undefined>;
  /** Consistent. */
  get(id: string): Promise<Tenant | undefined>;
  /** Consistent, by id ascending (in the order of UTF-8 bytes); `after` is a tenant's id. */
  page(after: string | undefined, limit: number): Promise<TenantPage>;
  /** Names a registered tenant; undefined removes the name. */
  rename(id: string, name: string | undefined): Promise<void>;
}
