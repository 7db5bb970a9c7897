import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery } from '../../../sdk/src/api-types.ts';
import { type Filters, changesOf } from '../../../cli/src/tail/changes-of.ts';
import { FollowedDeliveries } from '../../../cli/src/tail/followed.ts';
import { DeliveringService } from './delivering-service.ts';

const HOUR_SECONDS = 3600;

let service: DeliveringService;
let ended: AbortController;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 1, 6, 12) });
  service = new DeliveringService();
  ended = new AbortController();
});
afterEach(() => {
  ended.abort();
  vi.useRealTimers();
});

/** What a tail shows, as it goes on. */
function tail(filters: Filters = {}, since = Date.now()): Delivery[] {
  const shown: Delivery[] = [];
  const fail = () => expect.fail('the service is there');
  const patience = { ms: 0, now: Date.now, signal: ended.signal, lost: fail, back: fail };
  const all = async () => {
    for await (const one of changesOf(service.client(), filters, since, patience)) shown.push(one);
  };
  all().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  return shown;
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
const dueIn = (after: number) => ({ next_retry_at: new Date(Date.now() + after * 1000).toISOString() });
const short = (shown: readonly Delivery[]) => shown.map(({ id, status, attempt_number: n }) => `${id} ${status} ${n}`);

describe('a tail', () => {
  test('shows what is new, and each change of it, once', async () => {
    const shown = tail();
    await seconds(2);
    const one = service.add();
    await seconds(2);
    service.change(one, { status: 'retrying', attempt_number: 1, ...dueIn(5) });
    await seconds(7);
    service.change(one, { status: 'delivered', attempt_number: 2 });
    await seconds(20);
    expect(short(shown)).toEqual(['del_0 pending 0', 'del_0 retrying 1', 'del_0 delivered 2']);
  });

  test('shows a retry hours later, a moment after it was made, as a list shows it', async () => {
    const shown = tail();
    await seconds(2);
    const one = service.add({ status: 'retrying', attempt_number: 1, ...dueIn(4 * HOUR_SECONDS) });
    await seconds(4 * HOUR_SECONDS);
    service.change(one, { status: 'exhausted', attempt_number: 2, next_retry_at: null });
    await seconds(3);
    expect(short(shown)).toEqual(['del_0 retrying 1', 'del_0 exhausted 2']);
    expect(shown[1]).not.toHaveProperty('attempts');
  });

  test('follows what was retrying before it began, and shows only what changes', async () => {
    const old = service.add({ status: 'retrying', attempt_number: 3, ...dueIn(60) }, 500);
    service.add({ status: 'exhausted', attempt_number: 9 }, 500);
    const shown = tail({ status: 'exhausted' });
    await seconds(61);
    service.change(old, { status: 'exhausted', attempt_number: 4 });
    await seconds(5);
    expect(short(shown)).toEqual(['del_0 exhausted 4']);
  });

  test('shows what was made while it began, though it retries already', async () => {
    service.beforeAnswer = (query) => {
      if (query.get('status') !== 'retrying') return;
      service.beforeAnswer = () => {};
      service.add({ status: 'retrying', attempt_number: 1, ...dueIn(1) });
    };
    const shown = tail();
    await seconds(2);
    expect(short(shown)).toEqual(['del_0 retrying 1']);
  });

  test('begins with what there was since a time, oldest first', async () => {
    for (const minutes of [30, 9, 8]) service.add({ status: 'delivered', attempt_number: 1 }, minutes);
    const shown = tail({}, Date.now() - 10 * 60_000);
    await seconds(3);
    expect(short(shown)).toEqual(['del_1 delivered 1', 'del_2 delivered 1']);
  });
});

describe('what a tail costs', () => {
  /** Calls a second, once it has begun. */
  async function costOf(count: number): Promise<number> {
    service.calls.length = 0;
    await seconds(count);
    return service.calls.length / count;
  }

  test('is a call a second, and a few more, while old deliveries retry', async () => {
    for (let n = 0; n < 400; n += 1) service.add({ status: 'delivered', attempt_number: 1 }, 50);
    for (const after of [600, 1200, 3500]) service.add({ status: 'retrying', attempt_number: 1, ...dueIn(after) }, 60);
    tail({}, Date.now() - 2 * HOUR_SECONDS * 1000);
    await seconds(20);
    expect(await costOf(HOUR_SECONDS)).toBeLessThan(1.1);
  });

  test('is never more than two calls a second for old deliveries, however many of them are due', async () => {
    for (let n = 0; n < 450; n += 1) service.add({ status: 'retrying', attempt_number: 1, ...dueIn(0) }, 60);
    tail();
    await seconds(20);
    expect(await costOf(600)).toBeLessThanOrEqual(2);
  });

  test('is a page more for each hundred new ones, and no more than five', async () => {
    const shown = tail();
    await seconds(2);
    for (let n = 0; n < 150; n += 1) service.add({ status: 'delivered', attempt_number: 1 });
    expect(await costOf(1)).toBe(2);
    expect(shown).toHaveLength(150);
    for (let n = 0; n < 900; n += 1) service.add({ status: 'delivered', attempt_number: 1 });
    expect(await costOf(1)).toBe(5);
    expect(await costOf(1)).toBe(1);
  });

  test('is bounded in memory: of very many that are open the oldest are let go', () => {
    const followed = new FollowedDeliveries();
    const all = Array.from({ length: 1001 }, (_, n) => service.add({ status: 'held' }, 2000 - n));
    for (const one of all) followed.note(one, Date.now());
    followed.forgetBefore(Date.now());
    expect(all.slice(0, 3).map((one) => followed.isNews(one))).toEqual([true, false, false]);
  });
});
