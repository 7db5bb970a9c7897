/** A tenant, as far as it has been registered. */
export interface Tenant {
  /** The platform's own text. */
  id: string;
  /** What people call it. */
  name?: string;
  /** When something was first stored for it, or the platform created it: milliseconds since the Unix epoch. */
  registeredAt: number;
}

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
  /** False when it is there: nothing is written. */
  registerUnlessThere(tenant: Tenant): Promise<boolean>;
  /** Consistent. */
  get(id: string): Promise<Tenant | undefined>;
  /** Consistent, by id ascending (in the order of UTF-8 bytes); `after` is a tenant's id. */
  page(after: string | undefined, limit: number): Promise<TenantPage>;
  /** Names a registered tenant; undefined removes the name. */
  rename(id: string, name: string | undefined): Promise<void>;
}
