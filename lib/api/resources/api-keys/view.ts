import type { ApiKey } from '../../../ports/api-key-store.ts';
import { hasEnded } from '../../auth/find-key.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { ApiKeyJson } from './schemas.ts';

/** @param now milliseconds since the Unix epoch */
export function apiKeyJson(key: ApiKey, now: number): ApiKeyJson {
  return {
    id: key.id,
    tenant_id: key.tenantId ?? null,
    name: key.name ?? null,
    prefix: key.prefix ?? null,
    scopes: [...key.scopes],
    status: statusOf(key, now),
    created_at: asTimestamp(key.createdAt),
    expires_at: asTimestampOrNull(key.expiresAt),
    revoked_at: asTimestampOrNull(key.revokedAt),
    last_used_at: asTimestampOrNull(key.lastUsedAt),
  };
}

function statusOf(key: ApiKey, now: number): ApiKeyJson['status'] {
  if (key.revokedAt !== undefined) return 'revoked';
  return hasEnded(key, now) ? 'expired' : 'live';
}
