import { HOUR } from '../../domain/durations.ts';
import type { ApiKey } from '../../ports/api-key-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { type PortalSession, hasSessionEnded } from '../../domain/portal-session.ts';
import { unquoted } from '../../domain/unquoted.ts';
import type { AuthenticatedKey } from './authenticated-key.ts';
import { CODE_SCOPES } from './scopes.ts';
import { hashApiKey, isMistyped } from './api-key.ts';

/** The last use is known to the hour, so that a key costs at most one write an hour. */
export const USE_NOTED_MS = HOUR;

export type FindPorts = Pick<Ports, 'apiKeys' | 'sessions' | 'clock' | 'log'>;

/** Whatever a request names as its credential, unless it is unknown or has ended. */
export async function findKey(ports: FindPorts, secret: string): Promise<AuthenticatedKey | undefined> {
  if (isMistyped(secret)) return undefined;
  return secret.startsWith('prk_') ? findApiKey(ports, secret) : findSession(ports, secret);
}

/** Notes its use, at most once an hour. */
async function findApiKey(ports: FindPorts, secret: string): Promise<ApiKey | undefined> {
  const key = await ports.apiKeys.find(hashApiKey(secret));
  if (!key || hasEnded(key, ports.clock.now())) return undefined;
  await noteUse(ports, key);
  return key;
}

/** A token may do what its session may; a code may open its session once, and nothing else. */
async function findSession(ports: FindPorts, secret: string): Promise<AuthenticatedKey | undefined> {
  const hash = hashApiKey(secret);
  const session = await ports.sessions.find(hash);
  if (!session || hasSessionEnded(session, ports.clock.now()) || (await isKeyRevoked(ports, session))) return undefined;
  const { id, tenantId, user, tokenHash, openedAt, scopes } = session;
  const who = { id, user, ...(tenantId !== undefined && { tenantId }) };
  if (secret.startsWith('prs_')) return tokenHash === hash ? { ...who, scopes } : undefined;
  return openedAt === undefined ? { ...who, scopes: CODE_SCOPES } : undefined;
}

/**
 * Whoever revokes a key that has leaked wants nothing of what was made with it. One that was rotated leaves its sessions;
 * the key of a local service has no scopes once a new one is made.
 */
async function isKeyRevoked({ apiKeys }: FindPorts, { keyHash }: PortalSession): Promise<boolean> {
  if (keyHash === undefined) return false;
  const key = await apiKeys.find(keyHash);
  return key === undefined || key.revokedAt !== undefined || key.scopes.length === 0;
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
    .catch((cause: unknown) => log.warn('api.key-use-unnoted', { key_id: id, error: unquoted(String(cause)) }));
}
