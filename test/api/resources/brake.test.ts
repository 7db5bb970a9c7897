import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_TENANT_BRAKES } from '../../../lib/ports/brakes.ts';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

describe('the brake', () => {
  it('is set for the whole deployment, shown, and released', async () => {
    const since = '2026-01-01T00:00:00.000Z';
    expect(await fixture.succeed('brake.get')).toEqual({ tenant_id: null, braked_since: null });
    expect(await fixture.succeed('brake.set')).toEqual({ tenant_id: null, braked_since: since });
    await fixture.clock.advance(1000);
    expect(await fixture.succeed('brake.set', { body: {} })).toEqual({ tenant_id: null, braked_since: since });
    expect(await fixture.succeed('brake.release')).toEqual({ tenant_id: null, braked_since: null });
    expect(await fixture.succeed('brake.release')).toEqual({ tenant_id: null, braked_since: null });
  });

  it('of a tenant is not that of the deployment', async () => {
    const query = { tenant_id: 'acme' };
    expect((await fixture.succeed('brake.set', { query })).tenant_id).toBe('acme');
    expect((await fixture.succeed('brake.get')).braked_since).toBeNull();
    expect((await fixture.succeed('brake.get', { query })).braked_since).not.toBeNull();
    expect(await fixture.store.brakes.get({ tenantId: 'acme' })).toBe(fixture.clock.now());
  });

  it.each(['brake.get', 'brake.set', 'brake.release'] as const)('%s is not for a key of a tenant', async (route) => {
    expect(await fixture.refused(route, { key: ACME_KEY })).toMatchObject({
      status: 403,
      type: '/problems/platform-key-needed',
    });
    expect(await fixture.store.brakes.get('deployment')).toBeUndefined();
  });

  it('is refused to one tenant more than there may be, and says what to do instead', async () => {
    for (let n = 0; n < MAX_TENANT_BRAKES; n += 1)
      await fixture.succeed('brake.set', { query: { tenant_id: `t${n}` } });
    const problem = await fixture.refused('brake.set', { query: { tenant_id: 'one-more' } });
    expect(problem).toMatchObject({ status: 409, type: '/problems/too-many-brakes' });
    expect(problem.detail).toContain('the brake of the whole deployment');
  });

  it.each([{ tenant_id: 'a\nb' }, { tenant_id: '' }, { tenant: 'acme' }])(
    'with the query %o is refused',
    async (query) => {
      expect((await fixture.refused('brake.set', { query: query as Record<string, string> })).status).toBe(400);
    },
  );

  it.each(['brake.get', 'brake.set', 'brake.release'] as const)(
    '%s with a tenant in the header is refused: it would concern the whole deployment',
    async (route) => {
      const problem = await fixture.refused(route, { headers: { 'postrider-tenant': 'acme' } });
      expect(problem).toMatchObject({ status: 400, errors: [{ field: 'postrider-tenant' }] });
      expect(problem.detail).toContain('`tenant_id`');
      expect(await fixture.store.brakes.get('deployment')).toBeUndefined();
    },
  );
});
