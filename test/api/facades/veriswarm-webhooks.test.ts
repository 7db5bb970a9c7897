import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { newId } from '../../../lib/domain/ids.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
let model: Endpoint;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  const { id } = await fixture.succeed('endpoints.create', { body: { url: 'https://example.com/', events: ['*'] } });
  model = (await fixture.store.endpoints.get('default', id)) as Endpoint;
});
afterEach(() => fixture.close());

async function plant(count: number, changes: Partial<Endpoint> = {}): Promise<void> {
  const { clock, ports, store } = fixture;
  const next = () => newId('ep', { now: () => clock.now(), fraction: () => ports.random.fraction() });
  const endpoints = Array.from({ length: count }, () => ({ ...model, id: next(), ...changes }));
  await Promise.all(endpoints.map((endpoint) => store.endpoints.createUnlessExists(endpoint)));
}

const refused = () => fixture.refused('veriswarm.list');

it('lists a thousand webhooks, oldest first, and reads no more of them side by side than fifty', async () => {
  await plant(999);
  let [reading, most] = [0, 0];
  const { health } = fixture.store;
  const get = health.get.bind(health);
  vi.spyOn(health, 'get').mockImplementation(async (...of) => {
    most = Math.max(most, (reading += 1));
    const found = await get(...of);
    reading -= 1;
    return found;
  });
  const webhooks = (await fixture.succeed('veriswarm.list')) as { id: number }[];
  expect(webhooks.map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
  expect(most).toBe(50);
});

it('refuses a list of more, in place of a part of it, and reads no further', async () => {
  await plant(2000);
  const pages = vi.spyOn(fixture.store.endpoints, 'page');
  const { status, type, detail } = await refused();
  expect([status, type]).toEqual([422, '/problems/too-many-endpoints']);
  expect(detail).toContain('`GET /v1/endpoints`');
  expect(pages.mock.calls.length).toBeLessThan(25);
});

it('refuses a list that no answer can hold', async () => {
  await plant(700, { events: Array.from({ length: 60 }, (_, n) => `${'t'.repeat(100)}${n}`) });
  expect(await refused()).toMatchObject({ status: 422, type: '/problems/too-many-endpoints' });
});

it('looks through a bounded number of deleted ones', async () => {
  await plant(3000, { status: 'revoked', statusReason: 'deleted' });
  expect(await fixture.succeed('veriswarm.list')).toHaveLength(1);
  await plant(7500, { status: 'revoked', statusReason: 'deleted' });
  const pages = vi.spyOn(fixture.store.endpoints, 'page');
  await refused();
  expect(pages.mock.calls).toHaveLength(200);
});
