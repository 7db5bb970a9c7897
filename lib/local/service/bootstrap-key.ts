import { hashApiKey, shownPrefix } from '../../api/auth/api-key.ts';
import { SCOPES } from '../../api/auth/scopes.ts';
import { newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';

/**
 * Stores the hash of the platform key that is derived from the key file: with every scope, and bound to no tenant.
 * The key itself is not stored, because it can be derived again.
 */
export async function putBootstrapKey(
  { apiKeys, clock, random }: Pick<Ports, 'apiKeys' | 'clock' | 'random'>,
  apiKey: string,
): Promise<void> {
  const hash = hashApiKey(apiKey);
  const known = await apiKeys.find(hash);
  const now = clock.now();
  await apiKeys.put({
    id: newId('key', { now: () => now, fraction: () => random.fraction() }),
    createdAt: now,
    ...known,
    hash,
    name: 'bootstrap',
    prefix: shownPrefix(apiKey),
    // Written at each start: a newer version may have more scopes.
    scopes: SCOPES,
  });
}
