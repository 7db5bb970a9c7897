import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Route } from '../../../lib/api/route.ts';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { type Caller, newPlatformKey, newTenant } from './caller.ts';
import { CASES } from './cases.ts';
import type { Target } from './target.ts';

const URL_BODY = { url: 'https://example.com/hooks', events: ['*'] };

export function describeAuditing(name: string, start: () => Promise<Target>): void {
  describe(`the audit log, ${name}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    /** What the caller has done: a tenant's log has the creation of its key too, by the platform. */
    const linesOf = async (caller: Caller, query = '', by = caller) =>
      (await caller.make('GET', `/v1/audit-log?key_id=${by.keyId}${query}`)).data;
    const fieldsOf = (lines: Record<string, unknown>[], ...names: string[]) =>
      lines.map((line) => names.map((name) => line[name]));

    const changes = routes.filter(({ method, unaudited }) => method !== 'GET' && !unaudited);

    it.each(changes.map((route) => [route.id, route] as const))('has a line of %s', async (_, route: Route) => {
      const caller = await (route.platform ? newPlatformKey(target) : newTenant(target));
      const call = await CASES[route.id as RouteId](caller, target);
      const headers: Record<string, string> = { 'x-request-id': 'of-this-call' };
      const needsFactor = route.id === 'mfa.recovery-codes' || route.secondFactor === 'always';
      if (needsFactor) headers['postrider-mfa'] = (await caller.enrol()).codes[0] as string;
      const path = route.path.replace(/\{\w+\}/, () => encodeURIComponent(call.id ?? '')) + (call.query ?? '');
      const by = call.as ?? caller;
      await by.make(route.method, path, call.body, headers);
      const ofPlatform = route.platform ? '&platform=true' : '';
      const [line] = await linesOf(caller, `&action=${route.id}&limit=1${ofPlatform}`, by);
      expect(line).toMatchObject({
        action: route.id,
        outcome: 'done',
        code: null,
        key_id: by.keyId,
        user: call.as ? 'ada' : null,
        request_id: 'of-this-call',
        address: expect.stringMatching(/127\.0\.0\.1$/),
      });
      if (call.id !== undefined) expect(line.target).toBe(call.id);
      expect(line.tenant_id === null).toBe(route.platform === true);
      if (route.platform) return;
      expect(await linesOf(caller, `&action=${route.id}&outcome=refused`)).toEqual([]);
    });

    it('has no line of what only reads, and none of events', async () => {
      const caller = await newTenant(target);
      await caller.make('POST', '/v1/events', { type: 'a.b', data: {} });
      await caller.make('GET', '/v1/endpoints');
      expect(await linesOf(caller)).toEqual([]);
    });

    it('names what was made, and says why something was refused', async () => {
      const caller = await newTenant(target);
      const { id } = await caller.make('POST', '/v1/endpoints', URL_BODY);
      await caller.send({ method: 'POST', path: `/v1/endpoints/${id}/enable` });
      await caller.send({ method: 'POST', path: `/v1/endpoints/${id}/resume` });
      await caller.make('DELETE', `/v1/endpoints/${id}`);
      await caller.send({ method: 'POST', path: `/v1/endpoints/${id}/pause` });
      const lines = await linesOf(caller);
      expect(fieldsOf(lines, 'action', 'target', 'outcome', 'code').toSorted()).toEqual([
        ['endpoints.create', id, 'done', null],
        ['endpoints.delete', id, 'done', null],
        ['endpoints.enable', id, 'done', null],
        ['endpoints.pause', id, 'refused', 'not-found'],
        ['endpoints.resume', id, 'done', null],
      ]);
    });

    it('has every refusal of a sensitive call, with its reason', async () => {
      const caller = await newTenant(target);
      const weak = await caller.make('POST', '/v1/api-keys', { name: 'weak', scopes: ['events:read'] });
      await caller.enrol();
      const post = (key: string, headers = {}) =>
        fetch(`${target.url}/v1/api-keys`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ name: 'x' }),
        });
      await post(weak.secret);
      await post(caller.key);
      await post(caller.key, { 'postrider-mfa': '000000' });
      await post(caller.key, { 'postrider-tenant': 'somebody-else' });
      const codes = async (query: string) => {
        const { data } = await caller.make('GET', `/v1/audit-log?outcome=refused&action=api-keys.create${query}`);
        return data.map(({ code }: { code: string }) => code).toSorted();
      };
      expect(await codes('')).toEqual(['missing-scope', 'other-tenant', 'second-factor-needed', 'second-factor-wrong']);
      expect(await codes(`&key_id=${weak.id}`)).toEqual(['missing-scope']);
    });

    it('is filtered by action, target, outcome and time, and paged', async () => {
      const caller = await newTenant(target);
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.push((await caller.make('POST', '/v1/endpoints', URL_BODY)).id);
      await caller.make('POST', `/v1/endpoints/${ids[1]}/pause`);
      const all = await linesOf(caller);
      expect(all).toHaveLength(6);
      const counted = async (query: string) => (await linesOf(caller, query)).length;
      expect(await counted(`&target=${ids[1]}`)).toBe(2);
      expect(await counted('&action=endpoints.pause')).toBe(1);
      expect(await counted('&outcome=done')).toBe(6);
      expect(await counted('&outcome=unknown')).toBe(0);
      expect(await counted('&until=2020-01-01T00:00:00Z')).toBe(0);
      expect(await counted('&since=2999-01-01T00:00:00Z')).toBe(0);

      const found = [];
      let cursor = '';
      do {
        const page = await caller.make('GET', `/v1/audit-log?limit=2&action=endpoints.create${cursor}`);
        expect(page.data.length).toBeLessThanOrEqual(2);
        found.push(...page.data.map((line: { target: string }) => line.target));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      expect(found.toSorted()).toEqual(ids.toSorted());
    });

    it('of another tenant, and of the platform, is not shown to a tenant', async () => {
      const [one, two] = [await newTenant(target), await newTenant(target)];
      await one.make('POST', '/v1/endpoints', URL_BODY);
      const { data } = await two.make('GET', '/v1/audit-log');
      expect(data.map(({ action }: { action: string }) => action)).toEqual(['api-keys.create']);
      const refused = await one.send({ method: 'GET', path: '/v1/audit-log?platform=true' });
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('platform-key-needed')]);
    });
  });
}
