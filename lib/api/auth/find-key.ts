import type { ApiKey } from '../../ports/api-key-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { hashApiKey, isMistyped } from './api-key.ts';

/** The last use is known to the hour, so that a key costs at most one write an hour. */
export const USE_NOTED_MS = 3_600_000;

type FindPorts = Pick<Ports, 'apiKeys' | 'clock' | 'log'>;

/** The key that a request names, unless it is unknown, expired or revoked. Notes its use, at most once an hour. */
export async function findKey(ports: FindPorts, secret: string): Promise<ApiKey | undefined> {
  if (isMistyped(secret)) return undefined;
  const key = await ports.apiKeys.find(hashApiKey(secret));
  if (!key || hasEnded(key, ports.clock.now())) return undefined;
  await noteUse(ports, key);
  return key;
}

/** @param now milliseconds since the Unix epoch */
export function hasEnded({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= now);
}

/** A note that can't be written stops nobody. */
async function noteUse({ apiKeys, clock, log }: FindPorts, { hash, id, lastUsedAt }: ApiKey): Promise<void> {
  const now = clock.now();
  const since = now - USE_NOTED_MS;
  if (lastUsedAt !== undefined && lastUsedAt >= since) return;
  await apiKeys
    .noteUse(hash, now, since)
    .catch((cause: unknown) => log.warn('api.key-use-unnoted', { key_id: id, error: String(cause) }));
}
