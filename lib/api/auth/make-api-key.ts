import { newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { hashApiKey } from './api-key.ts';
import { SCOPES } from './scopes.ts';

/** Of the random part: guessing one is out of the question, so a plain hash at rest is enough. */
const SECRET_BYTES = 32;

export interface ApiKeyInput {
  /** Whose key it is; absent: a platform key, which names the tenant in a header. */
  tenantId?: string;
  label?: string;
}

export interface MadeApiKey {
  /** `key_` and a ULID. */
  id: string;
  /** `prk_…`: kept nowhere, so this is the only time that it can be seen. */
  secret: string;
}

/** Makes a new key with every scope, and stores its hash. */
export async function makeApiKey(
  { apiKeys, clock, random }: Pick<Ports, 'apiKeys' | 'clock' | 'random'>,
  input: ApiKeyInput,
): Promise<MadeApiKey> {
  const secret = `prk_${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')}`;
  const createdAt = clock.now();
  const id = newId('key', { now: () => createdAt, fraction: () => random.fraction() });
  await apiKeys.put({ ...input, hash: hashApiKey(secret), id, scopes: SCOPES, createdAt });
  return { id, secret };
}
