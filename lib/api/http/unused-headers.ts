import type { Route } from '../route.ts';
import { takesKey } from '../schemas/idempotency-key.ts';
import { takesIfMatch } from '../schemas/if-match.ts';
import { InvalidRequest } from './invalid-request.ts';
import type { ApiRequest } from './request-response.ts';

/**
 * Refuses a header that would say something about the call and has no effect on it: who sends `PUT /v1/brake` with a
 * tenant's name means that tenant, not the whole deployment.
 * @throws InvalidRequest of the headers
 */
export function refuseUnusedHeaders(route: Route, headers: ApiRequest['headers']): void {
  if (headers['postrider-tenant'] !== undefined) {
    if (route.platform) throw unused('postrider-tenant', TENANT_UNUSED);
    if (route.ofKey) throw unused('postrider-tenant', OWNER_MEANT);
  }
  if (!takesKey(route) && headers['idempotency-key'] !== undefined) {
    throw unused('idempotency-key', route.bodyParts === undefined ? KEY_UNUSED : KEY_IN_EVENTS);
  }
  if (!takesIfMatch(route) && headers['if-match'] !== undefined) throw unused('if-match', IF_MATCH_UNUSED);
}

const KEY_UNUSED = 'has no meaning for this call: leave it off';
const KEY_IN_EVENTS = 'has no meaning for a batch: give each event its own `idempotency_key`';
const OWNER_MEANT = 'is not read by this call, which is about the key’s own tenant, or the platform: leave it off';
const IF_MATCH_UNUSED = 'has no meaning for this call, which would be made whatever it says: leave it off';
const TENANT_UNUSED = 'is not read by this call: leave it off, and name a tenant in the path or in `tenant_id`';

function unused(field: string, message: string): InvalidRequest {
  return new InvalidRequest('headers', [{ field, message: `\`${field}\` ${message}.` }]);
}
