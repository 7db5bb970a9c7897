import { expect, test } from 'vitest';
import { deliveryId, firstUlidAt, newId, parseDeliveryId, timeOf, ulidOf } from '../../lib/domain/ids.ts';

const at = (ms: number) => ({ now: () => ms, fraction: () => 0.5 });

test('ids sort by the time of their making, which can be read from them', () => {
  const earlier = newId('evt', at(1_700_000_000_000));
  const later = newId('evt', at(1_700_000_000_001));
  expect(earlier < later).toBe(true);
  expect(timeOf(later)).toBe(1_700_000_000_001);
  expect(`evt_${firstUlidAt(1_700_000_000_001)}` <= later).toBe(true);
  expect(`evt_${firstUlidAt(1_700_000_000_001)}` > earlier).toBe(true);
});

test.each([0, -1, -62_167_219_200_000, -315_619_200_000])('the first id at %i ms is below every id', (ms) => {
  expect(firstUlidAt(ms)).toBe('0'.repeat(26));
});

test('an id that is made in 1970 has that time', () => {
  expect(timeOf(newId('evt', at(0)))).toBe(0);
});

test('a delivery is found by its id alone, and the id is the same however often it is made', () => {
  const key = { eventId: newId('evt', at(1)), endpointId: newId('ep', at(2)), ordinal: 12 };
  const id = deliveryId(key);
  expect(id).toBe(`del_${ulidOf(key.eventId)}${ulidOf(key.endpointId)}12`);
  expect(parseDeliveryId(id, 't1')).toEqual({ ...key, tenantId: 't1' });
});

test.each([
  '',
  'del_',
  'evt_01J00000000000000000000000',
  `del_${'0'.repeat(52)}`,
  `del_${'0'.repeat(52)}01`,
  `del_${'U'.repeat(52)}0`,
])('%j is not a delivery id', (id) => {
  expect(parseDeliveryId(id, 't1')).toBeUndefined();
});
