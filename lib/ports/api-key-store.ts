/** An API key as stored: its hash only. */
export interface ApiKey {
  /** Lower-case hex SHA-256 of the whole key, `prk_` included. */
  hash: string;
  /** `key_` and a ULID. */
  id: string;
  label?: string;
  /** Bound to a tenant; absent: a platform key, which names the tenant in a header. */
  tenantId?: string;
  scopes: readonly string[];
  createdAt: number;
}

export interface ApiKeyStore {
  find(hash: string): Promise<ApiKey | undefined>;
  put(key: ApiKey): Promise<void>;
}
