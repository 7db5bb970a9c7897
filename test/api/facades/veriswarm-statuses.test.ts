import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
let pair: Pair;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  pair = await makePair(fixture, [60]);
});
afterEach(() => fixture.close());

const SOON = 60_000;
const NO_ATTEMPT: Partial<Delivery> = { attempts: [] };

/** What the façade shows of a record, at the time that is its due time for `due`. */
async function shown(changes: Partial<Delivery>, passes = 0) {
  const dueAt = fixture.clock.now() + SOON;
  const waits = ['pending', 'retrying', 'parked'].includes(changes.status as string);
  await writeFailed(fixture, pair, { ...(waits && { dueAt, checkAt: dueAt }), ...changes });
  await fixture.clock.advance(passes);
  const [row] = await fixture.succeed('veriswarm.deliveries', {});
  return row;
}

const IN_A_MINUTE = '2026-01-01T00:01:00Z';

it.each<[string, Partial<Delivery>, number, object]>([
  ['pending', { status: 'pending', ...NO_ATTEMPT }, 0, { status: 'pending', attempt_number: 0, next_retry_at: null }],
  ['held', { status: 'held', ...NO_ATTEMPT }, 0, { status: 'pending', next_retry_at: null }],
  ['held after an attempt', { status: 'held' }, 0, { status: 'pending', attempt_number: 1, next_retry_at: null }],
  [
    'parked before the first attempt',
    { status: 'parked', ...NO_ATTEMPT },
    0,
    { status: 'pending', next_retry_at: null },
  ],
  ['parked, due later', { status: 'parked' }, 0, { status: 'failed', next_retry_at: IN_A_MINUTE }],
  ['parked, due now', { status: 'parked' }, SOON, { status: 'retrying', next_retry_at: IN_A_MINUTE }],
  ['retrying, due later', { status: 'retrying' }, SOON - 1, { status: 'failed', next_retry_at: IN_A_MINUTE }],
  ['retrying, due now', { status: 'retrying' }, SOON, { status: 'retrying', next_retry_at: IN_A_MINUTE }],
  ['delivered', { status: 'delivered' }, 0, { status: 'delivered', next_retry_at: null }],
  ['exhausted', { status: 'exhausted' }, 0, { status: 'exhausted', status_code: 500, error_message: 'answered 500' }],
  ...(['disabled', 'revoked', 'expired', 'discarded', 'payload_deleted', 'fault'] as const).map(
    (statusReason): [string, Partial<Delivery>, number, object] => [
      `abandoned because ${statusReason}`,
      { status: 'abandoned', statusReason },
      0,
      { status: 'failed', error_message: statusReason, next_retry_at: null },
    ],
  ),
])('a delivery that is %s is shown as its customers know it', async (_, changes, passes, expected) => {
  expect(await shown(changes, passes)).toMatchObject(expected);
});
