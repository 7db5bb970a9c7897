import { type ListName, readCursor } from './cursor.ts';
import { InvalidRequest } from './invalid-request.ts';

/**
 * The place and the time range that a list's query asks for, without what it does not.
 * @throws RequestError `invalid-cursor`, `invalid-request` for an empty range
 */
export function listRange(
  list: ListName,
  query: { cursor?: string | undefined; limit: number; since?: number | undefined; until?: number | undefined },
): { cursor?: string; limit: number; since?: number; until?: number } {
  const { cursor, limit, since, until } = query;
  if (since !== undefined && until !== undefined && since >= until) {
    throw new InvalidRequest('query', [
      { field: 'since', message: '`since` must be before `until`: swap or change them.' },
    ]);
  }
  return {
    limit,
    ...(cursor !== undefined && { cursor: readCursor(list, cursor) }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
