import { expect, test } from 'vitest';
import * as z from 'zod';
import { newId } from '../../lib/domain/ids.ts';
import { derivedUuid, uuidOf } from '../../lib/domain/uuids.ts';

let state = 1;
const fraction = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
const ids = Array.from({ length: 2000 }, (_, n) => newId('evt', { now: () => 1_770_379_200_000 + n, fraction }));

test('what is made of an id is a UUID of the version that it says', () => {
  for (const id of ids) {
    expect(z.uuidv7().safeParse(uuidOf(id)).success, id).toBe(true);
    expect(z.uuid({ version: 'v8' }).safeParse(derivedUuid(id, 'trace')).success, id).toBe(true);
  }
});

test('other ids and other purposes have other UUIDs, and the same always the same', () => {
  const all = ids.flatMap((id) => [uuidOf(id), derivedUuid(id, 'trace'), derivedUuid(id, 'span')]);
  expect(new Set(all).size).toBe(3 * ids.length);
  expect(ids.flatMap((id) => [uuidOf(id), derivedUuid(id, 'trace'), derivedUuid(id, 'span')])).toEqual(all);
});

test('a UUID begins with the time of its id, so that UUIDs sort as ids do', () => {
  const uuids = ids.map(uuidOf);
  expect(uuids.toSorted()).toEqual(uuids);
  expect(Number.parseInt(uuids[0]?.replace('-', '').slice(0, 12) ?? '', 16)).toBe(1_770_379_200_000);
});
