import type { Delivery, DeliveryDetail, ListDeliveriesQuery } from '../../../sdk/src/api-types.ts';
import { isApiError } from '../../../sdk/src/errors.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { pause } from '../../../sdk/src/retries.ts';
import { type Patience, patiently } from '../listen/patience.ts';
import { FollowedDeliveries, madeAt } from './followed.ts';

const EVERY_MS = 1000;
const PAGE = 100;
/** Pages of one look; who has more at once sees the newest. */
const MOST_PAGES = 5;
/** What was made by another clock, or shows up late, is looked for so far back. */
const OVERLAP_MS = 10_000;
/** What had failed before the tail began is in one of these. */
const WAITING = ['retrying', 'parked'] as const;

export type Filters = Pick<ListDeliveriesQuery, 'endpoint_id' | 'event_type' | 'status'>;

/**
 * Each change of a delivery from now on, and what was made since a time, oldest first; without an end. A look is a page
 * of the newest deliveries, more pages only while these bring something new, and at most one older delivery, once its
 * next attempt is due: old deliveries that retry cost no more than that.
 * @throws as `patiently`
 */
export async function* changesOf(
  { deliveries }: Postrider,
  { status, ...filters }: Filters,
  since: number,
  patience: Patience,
): AsyncGenerator<Delivery, void, undefined> {
  const { now, signal } = patience;
  const options = { signal, retries: 0 };
  const followed = new FollowedDeliveries();
  const read = (query: ListDeliveriesQuery) => {
    const list = deliveries.list({ ...filters, ...query, limit: PAGE }, options);
    return patiently(patience, () => newest(list.pages(), (page) => mayGoOn(page, followed, now())));
  };
  /** Those of them that are news, which from then on they are not. */
  const changes = (found: readonly Delivery[]) => {
    const news = found.filter((one) => followed.isNews(one)).toReversed();
    for (const one of found) followed.note(one, now());
    return news.filter((one) => status === undefined || one.status === status);
  };

  yield* changes(await read({ since: asTime(since), ...(status !== undefined && { status }) }));
  // What was made since is shown by the first look, though it may be waiting already.
  for (const waiting of WAITING)
    for (const one of await read({ status: waiting })) if (madeAt(one) < since) followed.note(one, now());
  for (;;) {
    await pause(EVERY_MS, signal);
    const from = Math.max(since, now() - OVERLAP_MS);
    followed.forgetBefore(from);
    yield* changes(await read({ since: asTime(from) }));
    const due = followed.due(now(), [0, from]);
    if (!due) continue;
    const again = await patiently(patience, () => deliveries.get(due.id, options).catch(unlessGone));
    if (again) yield* changes([withoutAttempts(again)]);
    else followed.forget(due.id);
  }
}

/** As many pages as bring something, and may bring more. */
async function newest(
  pages: AsyncIterable<{ data: Delivery[] }>,
  mayBeMore: (page: readonly Delivery[]) => boolean,
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  let read = 0;
  for await (const { data } of pages) {
    found.push(...data);
    read += 1;
    if (read === MOST_PAGES || !mayBeMore(data)) break;
  }
  return found;
}

/** Does the page after this one have something new, as far as one can tell? */
function mayGoOn(page: readonly Delivery[], followed: FollowedDeliveries, now: number): boolean {
  const last = page.at(-1);
  if (!last || page.some((one) => followed.isNews(one))) return true;
  return followed.due(now, [now - OVERLAP_MS, madeAt(last)]) !== undefined;
}

const asTime = (ms: number) => new Date(ms).toISOString();

/** As it stands in a list. */
function withoutAttempts(detail: DeliveryDetail): Delivery {
  const { attempts: _, ...delivery } = detail;
  return delivery;
}

/** It expired, or its tenant was erased. @throws any other error */
function unlessGone(error: unknown): undefined {
  if (isApiError(error, 'not-found')) return undefined;
  throw error;
}
