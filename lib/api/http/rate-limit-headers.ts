import type { QuotaState } from '../../pipeline/quota.ts';

/** As draft-ietf-httpapi-ratelimit-headers has them; none for a tenant without a quota. */
export function rateLimitHeaders(state: QuotaState | undefined): Record<string, string> {
  if (!state) return {};
  const { limit, windowSeconds, remaining, resetSeconds } = state;
  return {
    'ratelimit-policy': `"events";q=${limit};w=${windowSeconds}`,
    ratelimit: `"events";r=${remaining};t=${resetSeconds}`,
  };
}
