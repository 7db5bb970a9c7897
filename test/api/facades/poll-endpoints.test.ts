import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
let id: string;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  ({ id } = await fixture.succeed('endpoints.create', { body: { kind: 'poll', events: ['*'] } }));
});
afterEach(() => fixture.close());

it('an endpoint that is polled has an empty URL in each façade, as in our own API', async () => {
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ url: '' });
  expect(await fixture.succeed('ventryx.get', { params: { id } })).toMatchObject({ url: '' });
  expect(await fixture.succeed('ventryx.list')).toMatchObject({ data: [{ url: '' }] });
  expect(await fixture.succeed('veriswarm.list')).toMatchObject([{ callback_url: '' }]);
});

it('a search for a part of a URL finds none that is polled', async () => {
  expect((await fixture.succeed('endpoints.list', { query: { url: 'poll' } })).data).toEqual([]);
});
