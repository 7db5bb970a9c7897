import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const create = (more: object = {}) =>
  fixture.succeed('endpoints.create', { body: { url: 'https://example.com/hooks', events: ['*'], ...more } });
const list = (query: Record<string, string>) => fixture.succeed('endpoints.list', { query });

it('filters the list of endpoints, and goes on with the same filter only', async () => {
  const first = await create({ label: 'Orders', metadata: { owner: 'a,b' } });
  await create({ label: 'Invoices' });
  const third = await create({ label: 'Late orders', metadata: { owner: 'a,b' } });
  const query = { label: 'order', metadata: 'owner:a,b', limit: '1' };
  const page = await list(query);
  expect(page.data).toMatchObject([{ id: first.id }]);
  expect((await list({ ...query, cursor: page.next_cursor })).data).toMatchObject([{ id: third.id }]);
  for (const other of [{ limit: '1' }, { label: 'order', limit: '1' }, { ...query, label: 'Order' }]) {
    const refused = await fixture.refused('endpoints.list', { query: { ...other, cursor: page.next_cursor } });
    expect(refused).toMatchObject({ status: 400, type: '/problems/invalid-cursor' });
  }
});

it('finds a pair of metadata whose name or value has a colon, and no other', async () => {
  const short = await create({ metadata: { a: 'b:c' } });
  const long = await create({ metadata: { 'a:b': 'c' } });
  const odd = await create({ metadata: { 'a\\': 'b:c', constructor: '' } });
  const found = async (metadata: string) => (await list({ metadata })).data.map(({ id }: { id: string }) => id);
  expect(await found('a:b:c')).toEqual([short.id]);
  expect(await found('a\\:b:c')).toEqual([long.id]);
  expect(await found('a\\\\:b:c')).toEqual([odd.id]);
  expect(await found('constructor:')).toEqual([odd.id]);
});

it.each([
  ['status', 'broken'],
  ['url', ''],
  ['label', 'x'.repeat(256)],
  ['metadata', 'owner'],
  ['metadata', ':build'],
  ['metadata', 'a\\:build'],
  ['event_type', 'task.*'],
  ['labels', 'Orders'],
])('refuses the filter %s=%s', async (name, value) => {
  const problem = await fixture.refused('endpoints.list', { query: { [name]: value } });
  expect(problem).toMatchObject({ status: 400, errors: [{ field: name }] });
});
