import type { ApiKey } from '../../ports/api-key-store.ts';

/** A key or a session that was found, by whoever looked it up. */
export interface AuthenticatedKey extends Pick<ApiKey, 'id' | 'tenantId' | 'scopes'> {
  /** Of a session: who uses it. */
  user?: string;
}
