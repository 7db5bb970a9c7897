import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_USAGE } from '../../../lib/domain/usage.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const add = (day: string, counts: Partial<typeof NO_USAGE>, tenantId = 'default') =>
  fixture.store.usage.add(tenantId, day, { ...NO_USAGE, ...counts });

test('shows the days of this month that have any, with their sum and what they cost', async () => {
  await add('2025-12-31', { events: 7 });
  await add('2026-01-01', { events: 1_000_000, attempts: 1_000_000, delivered: 1_000_000 });
  await add('2026-01-01', { events: 9 }, 'another');
  expect(await fixture.succeed('usage.get')).toEqual({
    tenant_id: 'default',
    since: '2026-01-01',
    until: '2026-01-01',
    data: [
      {
        day: '2026-01-01',
        events: 1_000_000,
        attempts: 1_000_000,
        delivered: 1_000_000,
        exhausted: 0,
        abandoned: 0,
        cost_usd: 3.75,
      },
    ],
    total: { events: 1_000_000, attempts: 1_000_000, delivered: 1_000_000, exhausted: 0, abandoned: 0, cost_usd: 3.75 },
  });
});

test('shows the days that were asked for', async () => {
  for (const day of ['2025-11-30', '2025-12-01', '2025-12-31', '2026-01-01']) await add(day, { attempts: 2 });
  const answer = await fixture.succeed('usage.get', { query: { since: '2025-12-01', until: '2025-12-31' } });
  expect(answer.data.map(({ day }: { day: string }) => day)).toEqual(['2025-12-01', '2025-12-31']);
  expect(answer.total).toMatchObject({ attempts: 4 });
});

test.each([
  [{ since: '2026-02-30' }, 'must be a day, such as 2026-02-06'],
  [{ since: 'yesterday' }, 'must be a day, such as 2026-02-06'],
  [{ since: '2026-01-02', until: '2026-01-01' }, '`since` must not be after `until`'],
  [{ since: '2024-01-01', until: '2026-01-01' }, 'A call shows 366 days at most'],
])('refuses %j', async (query, why) => {
  const { status, errors } = await fixture.refused('usage.get', { query });
  expect(status).toBe(400);
  expect(errors?.[0]?.message).toContain(why);
});
