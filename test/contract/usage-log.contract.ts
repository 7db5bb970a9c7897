import { describe, expect, test } from 'vitest';
import { NO_LATENCIES, oneLatency, sumOfSteps } from '../../lib/domain/latencies.ts';
import { NO_USAGE } from '../../lib/domain/usage.ts';
import type { UsageLog } from '../../lib/ports/usage-log.ts';
import { type Open, openForTest } from './opened.ts';

export function describeUsageLog(name: string, open: Open<UsageLog>): void {
  describe(`${name}: usage`, () => {
    test('counts of a day add up, also when they come at the same time', async () => {
      const { port, make } = await openForTest(open);
      const add = () => port.add(make.tenantId, '2026-02-06', { ...NO_USAGE, events: 1, attempts: 3, delivered: 2 });
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await port.days(make.tenantId, '2026-02-06', '2026-02-06')).toEqual([
        { ...NO_USAGE, day: '2026-02-06', events: 20, attempts: 60, delivered: 40 },
      ]);
    });

    test('days come in their order, those that were asked for, of one tenant', async () => {
      const { port, make } = await openForTest(open);
      const days = ['2026-02-28', '2026-01-31', '2026-03-01', '2026-02-01'];
      for (const day of days) await port.add(make.tenantId, day, { ...NO_USAGE, exhausted: 1 });
      await port.add(`${make.tenantId}#2026-02-07`, '2026-02-07', { ...NO_USAGE, abandoned: 1 });
      const found = await port.days(make.tenantId, '2026-02-01', '2026-02-28');
      expect(found.map(({ day }) => day)).toEqual(['2026-02-01', '2026-02-28']);
      expect(await port.days(make.tenantId, '2027-01-01', '2027-12-31')).toEqual([]);
    });

    test('latencies of a day add up in their steps, each kind by itself', async () => {
      const { port, make } = await openForTest(open);
      const [fast, slow] = [oneLatency(3), oneLatency(400_000)];
      const add = (day: string, latencies: object) =>
        port.add(make.tenantId, day, { ...NO_USAGE, attempts: 1, latencies: { ...NO_LATENCIES, ...latencies } });
      await add('2026-02-06', { firstAttempts: fast, requests: slow });
      await add('2026-02-06', { requests: slow });
      await add('2026-02-07', { requests: fast });
      const days = await port.days(make.tenantId, '2026-02-01', '2026-02-28');
      expect(days.map(({ latencies }) => latencies)).toEqual([
        { firstAttempts: fast, requests: sumOfSteps(slow, slow) },
        { ...NO_LATENCIES, requests: fast },
      ]);
    });

    test('nothing to add is no day', async () => {
      const { port, make } = await openForTest(open);
      await port.add(make.tenantId, '2026-02-06', NO_USAGE);
      expect(await port.days(make.tenantId, '2026-02-06', '2026-02-06')).toEqual([]);
    });
  });
}
