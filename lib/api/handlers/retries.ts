import { summarizeRetries } from '../../pipeline/manual/waiting-retries.ts';
import type { HandlersOf } from '../handler.ts';
import { instantOrNull } from '../views/instant.ts';

export const retryHandlers: HandlersOf<'retries'> = {
  'retries.summary': async (_, { ports, tenantId }) => {
    const { counts, rateLimited, held, due, oldestDueAt, nextDueAt, capped } = await summarizeRetries(ports, tenantId);
    return {
      counts,
      rate_limited: rateLimited,
      held,
      due,
      oldest_due_at: instantOrNull(oldestDueAt),
      next_due_at: instantOrNull(nextDueAt),
      capped,
    };
  },
};
