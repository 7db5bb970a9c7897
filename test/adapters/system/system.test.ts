import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';

describe('system clock', () => {
  test('sleeps at least for the time asked for, and not at all for none', async () => {
    const start = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - start).toBeGreaterThanOrEqual(28);
    await systemClock.sleep(0);
  });

  test('a sleep longer than a timer of Node takes does not end at once', async () => {
    const ended = await Promise.race([
      systemClock.sleep(2 ** 31 + 1000).then(() => 'ended'),
      systemClock.sleep(20).then(() => 'asleep'),
    ]);
    expect(ended).toBe('asleep');
  });
});

describe('system randomness', () => {
  test('fractions lie in [0, 1), differ, and are spread evenly', () => {
    const fractions = Array.from({ length: 20_000 }, () => systemRandom.fraction());
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    expect(new Set(fractions).size).toBe(fractions.length);
    const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  test('bytes are as many as asked for, and others each time', () => {
    expect(systemRandom.bytes(32)).toHaveLength(32);
    expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32));
  });

  test('bytes for ids, which are drawn many at a time, are given to nobody twice', () => {
    const ids = Array.from({ length: 5000 }, (_, n) => {
      const id = Buffer.from(systemRandom.bytes(8)).toString('hex');
      if (n % 3 === 0) systemRandom.fraction();
      return id;
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id.length === 16)).toBe(true);
  });
});
