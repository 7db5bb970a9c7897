import { newId } from '../../domain/ids.ts';
import { registerUnlessErased } from '../../pipeline/register-tenant.ts';
import type { ApiKey } from '../../ports/api-key-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { API_KEY_BYTES, hashApiKey, newApiKey, shownPrefix } from './api-key.ts';
import { SCOPES, TENANT_SCOPES } from './scopes.ts';

/** Whose key it is, and what it may do. */
export interface ApiKeyInput {
  /** Absent: a platform key, which names the tenant in a header. */
  tenantId?: string;
  name?: string;
  /** Absent: all that a key of its kind can have. */
  scopes?: readonly string[];
  /** Milliseconds since the Unix epoch; absent: it does not expire. */
  expiresAt?: number;
}

export interface MadeApiKey {
  key: ApiKey;
  /** `prk_…`: kept nowhere, so this is the only time that it can be seen. */
  secret: string;
}

/** Makes a new key and stores its hash; registers its tenant before. @throws RequestError `tenant-erased` */
export async function makeApiKey(
  { apiKeys, tenants, clock, random }: Pick<Ports, 'apiKeys' | 'tenants' | 'clock' | 'random'>,
  input: ApiKeyInput,
): Promise<MadeApiKey> {
  const secret = newApiKey(random.bytes(API_KEY_BYTES));
  const createdAt = clock.now();
  const { tenantId, scopes = tenantId === undefined ? SCOPES : TENANT_SCOPES } = input;
  const id = newId('key', { now: () => createdAt, fraction: () => random.fraction() });
  const key = { ...input, hash: hashApiKey(secret), prefix: shownPrefix(secret), id, scopes, createdAt };
  if (tenantId !== undefined) await registerUnlessErased(tenants, { id: tenantId, registeredAt: createdAt });
  await apiKeys.put(key);
  return { key, secret };
}
