import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RouteId } from '../../../lib/api/routes.ts';
import { ApiFixture, type Call } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const of = (tenant: string) => ({ 'postrider-tenant': tenant });

/** Three of each, and an event that all endpoints match. */
async function fill(tenant: string): Promise<string> {
  const headers = of(tenant);
  for (let n = 0; n < 3; n += 1) {
    await fixture.succeed('endpoints.create', { headers, body: { url: 'https://example.com/', events: ['*'] } });
  }
  for (let n = 0; n < 2; n += 1) await fixture.succeed('events.post', { headers, body: { type: 'a', data: n } });
  return (await fixture.succeed('events.post', { headers, body: { type: 'a', data: 3 } })).id;
}

it('takes the cursor of a list in that list of that tenant only', async () => {
  const id = await fill('one');
  await fill('two');
  const lists: [RouteId, Call][] = [
    ['endpoints.list', {}],
    ['events.list', {}],
    ['events.list', { query: { until: '2030-01-01T00:00:00Z' } }],
    ['events.deliveries', { params: { id } }],
    ['deliveries.list', {}],
    ['deliveries.list', { query: { status: 'pending' } }],
  ];
  const page = (index: number, headers: Record<string, string>, cursor?: string): [RouteId, Call] => {
    const [route, call] = lists[index] as [RouteId, Call];
    return [route, { ...call, headers, query: { ...call.query, limit: '1', ...(cursor && { cursor }) } }];
  };
  for (const from of lists.keys()) {
    const { next_cursor: cursor } = await fixture.succeed(...page(from, of('one')));
    for (const to of lists.keys()) {
      if (to === from) await fixture.succeed(...page(to, of('one'), cursor));
      else expect((await fixture.refused(...page(to, of('one'), cursor))).type).toBe('/problems/invalid-cursor');
      const [route] = page(to, {});
      const expected = route === 'events.deliveries' && to === from ? /invalid-cursor|not-found/ : /invalid-cursor/;
      expect((await fixture.refused(...page(to, of('two'), cursor))).type).toMatch(expected);
    }
  }
});
