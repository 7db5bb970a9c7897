import { expect, test } from 'vitest';
import type { SealedSecret } from '../../lib/domain/endpoint.ts';
import { MAX_LIVE_SECRETS, fingerprintOf, rotated } from '../../lib/domain/secret-rotation.ts';

const NOW = 1_000_000;
const DAY = 86_400_000;
const secret = (sealed: string, times: Partial<SealedSecret> = {}): SealedSecret => ({
  sealed,
  createdAt: 0,
  ...times,
});
const next = secret('next', { createdAt: NOW });

test('the new secret signs at once, and the old one until the overlap ends', () => {
  const times = { now: NOW, activateInMs: 0, overlapMs: DAY };
  expect(rotated([secret('old')], next, times)).toEqual([next, secret('old', { expiresAt: NOW + DAY })]);
});

test('without an overlap, the old secret signs until the new one takes over', () => {
  const times = { now: NOW, activateInMs: DAY, overlapMs: 0 };
  expect(rotated([secret('old')], next, times)).toEqual([
    { ...next, activatesAt: NOW + DAY },
    secret('old', { expiresAt: NOW + DAY }),
  ]);
  expect(rotated([secret('old')], next, { ...times, activateInMs: 0 })).toEqual([next]);
});

test('a rotation never lets an old secret sign for longer', () => {
  const ending = secret('ending', { expiresAt: NOW + 1 });
  const times = { now: NOW, activateInMs: 0, overlapMs: DAY };
  expect(rotated([ending], next, times)).toEqual([next, ending]);
});

test('what has ended, or would never sign, is left out', () => {
  const ended = secret('ended', { expiresAt: NOW });
  const coming = secret('coming', { activatesAt: NOW + 2 * DAY });
  const old = secret('old', { expiresAt: NOW + 2 * DAY });
  const times = { now: NOW, activateInMs: DAY, overlapMs: 0 };
  expect(rotated([coming, old, ended], next, times)?.map(({ sealed }) => sealed)).toEqual(['next', 'old']);
});

test('there are at most five that sign', () => {
  const many = Array.from({ length: MAX_LIVE_SECRETS }, (_, n) => secret(`${n}`));
  const times = { now: NOW, activateInMs: 0, overlapMs: DAY };
  expect(rotated(many.slice(1), next, times)).toHaveLength(5);
  expect(rotated(many, next, times)).toBeUndefined();
  expect(rotated(many, next, { ...times, overlapMs: 0 })).toEqual([next]);
});

test('a fingerprint stays when a secret is sealed again, and is another for each sealing of one text', () => {
  const first = fingerprintOf(secret('a'));
  expect(first).toMatch(/^[0-9a-f]{8}$/);
  expect(fingerprintOf({ sealed: 'b', fingerprint: first })).toBe(first);
  expect(fingerprintOf(secret('b'))).not.toBe(first);
});
