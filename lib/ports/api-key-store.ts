import { AUDIT_MS } from './audit-log.ts';

/** An API key as stored: its hash only. Times are milliseconds since the Unix epoch. */
export interface ApiKey {
  /** Lower-case hex SHA-256 of the whole key, `prk_` included. */
  hash: string;
  /** `key_` and a ULID. */
  id: string;
  /** What people call it. */
  name?: string;
  /** The first characters of the key, by which people recognize it. */
  prefix?: string;
  /** Bound to a tenant; absent: a platform key, which names the tenant in a header. */
  tenantId?: string;
  scopes: readonly string[];
  createdAt: number;
  /** It is good until then; absent: until it is revoked. */
  expiresAt?: number;
  revokedAt?: number;
  /** Written at most once an hour. */
  lastUsedAt?: number;
}

/** Whose keys: a tenant's, or the platform's own. */
export type KeyOwner = string | undefined;

export interface ApiKeyPage {
  keys: ApiKey[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

/** The API keys. Those that have ended are found for {@link ENDED_KEY_MS} more. */
export interface ApiKeyStore {
  /** Consistent. */
  find(hash: string): Promise<ApiKey | undefined>;
  /** Consistent. */
  get(owner: KeyOwner, id: string): Promise<ApiKey | undefined>;
  /** Consistent, by id ascending; `after` is a key's id. */
  page(owner: KeyOwner, after: string | undefined, limit: number): Promise<ApiKeyPage>;
  /**
   * How many keys of an owner are good at this time, to the second: no fewer than there are, and at most so many are
   * counted.
   */
  countLive(owner: KeyOwner, now: number, atMost: number): Promise<number>;
  /** Creates it, or replaces the one of the same hash. */
  put(key: ApiKey): Promise<void>;
  /** From now on it is revoked; a time that is already there stays. Undefined for an unknown id. */
  revoke(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined>;
  /** It ends at `at`, or earlier where it would end earlier. Undefined for an unknown id. */
  endBy(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined>;
  /** Notes a use, unless one is noted at or after `unlessSince`. */
  noteUse(hash: string, at: number, unlessSince: number): Promise<void>;
}

/** How long a key that has ended is kept: as long as the audit log, which names it. */
export const ENDED_KEY_MS = AUDIT_MS;
