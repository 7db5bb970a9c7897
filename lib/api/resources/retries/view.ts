import type { RetriesSummary } from '../../../pipeline/manual/waiting-retries.ts';
import { asTimestampOrNull } from '../../schemas/times.ts';
import type { RetriesSummaryJson } from './schemas.ts';

export function summaryJson(summary: RetriesSummary): RetriesSummaryJson {
  const { counts, rateLimited, held, due, oldestDueAt, nextDueAt, capped } = summary;
  return {
    counts,
    rate_limited: rateLimited,
    held,
    due,
    oldest_due_at: asTimestampOrNull(oldestDueAt),
    next_due_at: asTimestampOrNull(nextDueAt),
    capped,
  };
}
