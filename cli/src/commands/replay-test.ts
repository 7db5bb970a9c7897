import { compileFilter, createFilterTest } from '../../../lib/domain/filter/filter.ts';
import { isCategoryPattern } from '../../../lib/domain/event-type.ts';
import { matches } from '../../../lib/domain/subscription.ts';
import type { Endpoint, Event } from '../../../sdk/src/api-types.ts';
import { isApiError } from '../../../sdk/src/errors.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { Refusal } from '../errors/refusal.ts';

// Node 20 reads every number as a double: none is kept as it was written.
JSON.isRawJSON ??= () => false;

/**
 * Would a replay send an event to an endpoint? By the same rules as the service: its subscription as it is now, or the
 * types that are given, its project and its filter; events of tests and those whose data was deleted are left out.
 */
export async function replayTest(
  client: Postrider,
  { events, project_id: projectId, filter }: Endpoint,
  types: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<(event: Event) => boolean> {
  const patterns = types ?? events;
  const subscription = { events: patterns, ...(projectId && { projectId }) };
  const categories = patterns.some(isCategoryPattern) ? await categoriesOf(client, signal) : new Map<string, string>();
  const compiled = filter ? compileFilter(JSON.stringify(filter)) : undefined;
  return ({ type, project, data, test, payload_deleted_at: deleted }) => {
    const category = categories.get(type);
    const topic = { type, ...(project && { project }), ...(category !== undefined && { category }) };
    if (test || deleted !== null || !matches(subscription, topic as never)) return false;
    return compiled === undefined || createFilterTest(JSON.stringify(data))(compiled);
  };
}

/** By type. A tenant's own types come before the platform's, which are listed for platform keys only. */
async function categoriesOf(client: Postrider, signal: AbortSignal): Promise<Map<string, string>> {
  const categories = new Map<string, string>();
  try {
    for (const platform of [true, false]) {
      for await (const { type, category } of client.eventTypes.list({ limit: 200, platform }, { signal })) {
        if (category === null) categories.delete(type);
        else categories.set(type, category);
      }
    }
  } catch (error) {
    if (!isApiError(error, 'platform-key-needed', 'missing-scope')) throw error;
    throw new Refusal('It subscribes to a category: counting needs a platform key, or --type with types.', {
      cause: error,
    });
  }
  return categories;
}
