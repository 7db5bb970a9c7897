import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

describe('a tenant', () => {
  const params = { id: 'acme' };

  it('has no quota until one is set, and none again when it is removed', async () => {
    expect(await fixture.succeed('tenants.get', { params })).toEqual({ id: 'acme', events_per_second: null });
    const set = { params, body: { events_per_second: 2.5 } };
    expect(await fixture.succeed('tenants.update', set)).toEqual({ id: 'acme', events_per_second: 2.5 });
    await fixture.succeed('tenants.update', { params, body: { events_per_second: null } });
    expect(await fixture.succeed('tenants.get', { params })).toEqual({ id: 'acme', events_per_second: null });
  });

  it('past its quota is told when to come back', async () => {
    await fixture.succeed('tenants.update', { params, body: { events_per_second: 0.1 } });
    const post = { key: ACME_KEY, body: { type: 'a.b', data: {} } };
    for (let n = 0; n < 6; n += 1) await fixture.succeed('events.post', post);
    const refused = await fixture.refused('events.post', post);
    expect(refused).toMatchObject({ status: 429, type: '/problems/over-quota' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('cannot set its own quota', async () => {
    const body = { events_per_second: 1000 };
    expect((await fixture.refused('tenants.update', { params, body, key: ACME_KEY })).status).toBe(403);
  });

  it.each([{}, { events_per_second: 0 }, { events_per_second: -1 }, { events_per_second: '5' }, { quota: 5 }])(
    'with the body %j is refused',
    async (body) => {
      expect((await fixture.refused('tenants.update', { params, body })).status).toBe(422);
    },
  );
});
