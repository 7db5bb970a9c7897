import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES, TENANT_SCOPES } from '../../../lib/api/auth/scopes.ts';
import type { Route } from '../../../lib/api/route.ts';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { expectDocumented } from '../fuzz/answers.ts';
import { type Answer, Caller, newPlatformKey, newTenant } from './caller.ts';
import { CASES, type Call } from './cases.ts';
import type { Target } from './target.ts';

/** Of calls of which a good one needs more than a good key: a factor must be on before. */
const NEEDS_FACTOR: ReadonlySet<string> = new Set(['mfa.recovery-codes']);

/** Does a good call need a factor that is on? */
const needsFactor = ({ id, secondFactor }: Route) => NEEDS_FACTOR.has(id) || secondFactor === 'always';

const keyed = routes.filter(({ scope }) => scope !== null);
const named = (some: readonly Route[]) => some.map((route) => [route.id, route] as const);

/** The promises that every route keeps, of each route of the table. */
export function describeEveryRoute(name: string, start: () => Promise<Target>): void {
  describe(`every route, ${name}`, () => {
    let target: Target;
    let other: Caller;
    beforeAll(async () => {
      target = await start();
      other = await newTenant(target);
      const { codes } = await other.enrol();
      await other.make('POST', '/v1/mfa/step-up', { code: codes[0] });
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    const newCaller = ({ platform }: Route) => (platform ? newPlatformKey(target) : newTenant(target));
    const caseOf = (route: Route) => CASES[route.id as RouteId];

    it.each(named(routes))('%s answers a good call as documented', async (_, route) => {
      const caller = await newCaller(route);
      const call = await caseOf(route)(caller, target);
      const headers: Record<string, string> = {};
      if (needsFactor(route)) headers['postrider-mfa'] = (await caller.enrol()).codes[0] as string;
      const answer = await send(call.as ?? caller, route, call, headers);
      expect(answer.status, answer.text).toBe(route.status);
      expectDocumented(route, asResponse(answer), answer.text);
    });

    it.each(named(keyed))('%s refuses an unknown key', async (_, route) => {
      const answer = await send(new Caller(target, 'prk_unknown'), route, {});
      expect(answer.status).toBe(401);
      expectDocumented(route, asResponse(answer), answer.text);
    });

    it.each(named(keyed))('%s refuses a key that has every scope but its own', async (_, route) => {
      const without = (scopes: readonly string[]) => scopes.filter((scope) => scope !== route.scope);
      const caller = await (route.platform
        ? newPlatformKey(target, without(SCOPES))
        : newTenant(target, without(TENANT_SCOPES)));
      const answer = await send(caller, route, {});
      expect([answer.status, problemOf(answer)]).toEqual([403, 'missing-scope']);
      expectDocumented(route, asResponse(answer), answer.text);
    });

    const ofTenants = keyed.filter(({ path, platform }) => path.includes('{id}') && !platform);

    it.each(named(ofTenants))('%s answers another tenant’s id exactly like an unknown one', async (_, route) => {
      const call = await caseOf(route)(await newCaller(route), target);
      const requestId = { 'x-request-id': 'the-same' };
      const theirs = await send(other, route, call, requestId);
      const unknown = await send(other, route, { ...call, id: unknownLike(call.id ?? '') }, requestId);
      expect(theirs.status, theirs.text).toBe(404);
      expect(comparable(theirs)).toEqual(comparable(unknown));
    });

    const ofPlatform = keyed.filter(({ platform }) => platform);

    it.each(named(ofPlatform))('%s refuses a tenant’s key, whatever its scopes', async (_, route) => {
      const answer = await send(other, route, {});
      expect(answer.status).toBe(403);
      expect(['missing-scope', 'platform-key-needed']).toContain(problemOf(answer));
    });

    const sensitive = keyed.filter(({ secondFactor }) => secondFactor);

    it.each(named(sensitive))('%s needs a code of the second factor, once there is one', async (_, route) => {
      const caller = await newCaller(route);
      const call = await caseOf(route)(caller, target);
      const { codes } = await caller.enrol();
      const without = await send(caller, route, call);
      expect([without.status, problemOf(without)]).toEqual([403, 'second-factor-needed']);
      const wrong = await send(caller, route, call, { 'postrider-mfa': '000000' });
      expect([wrong.status, problemOf(wrong)]).toEqual([403, 'second-factor-wrong']);
      const good = await send(caller, route, call, { 'postrider-mfa': codes[0] as string });
      expect(good.status, good.text).toBe(route.status);
      if (route.platform)
        await caller.make('POST', '/v1/mfa/disable', undefined, { 'postrider-mfa': codes[1] as string });
    });

    const insensitive = keyed.filter(({ secondFactor }) => !secondFactor);

    it('no other route asks for a code', async () => {
      const caller = await newTenant(target);
      const { codes } = await caller.enrol();
      for (const route of insensitive.filter(({ platform }) => !platform)) {
        const answer = await send(caller, route, {});
        expect([route.id, problemOf(answer)]).not.toEqual([route.id, 'second-factor-needed']);
      }
      expect(codes).toHaveLength(10);
    });
  });
}

/** Its parameters are the id and, where it has two, the name. */
function pathOf({ path }: Route, { id = 'x', name = 'x', query = '' }: Call): string {
  const filled = path.replace(/\{\w+\}/, () => encodeURIComponent(id));
  return filled.replace(/\{\w+\}/, () => encodeURIComponent(name)) + query;
}

function send(caller: Caller, route: Route, call: Call, headers: Record<string, string> = {}): Promise<Answer> {
  return caller.send({
    method: route.method,
    path: pathOf(route, call),
    headers,
    ...(call.body !== undefined && { body: call.body }),
  });
}

/** An id of the same form that nothing has. */
function unknownLike(id: string): string {
  if (/^\d+$/.test(id)) return '987654321';
  return id.replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/g, '01KGS4R6M2Z9Q3V8X7T5N1C0HB');
}

/** Without what is of the one answer only. */
function comparable({ status, headers, text }: Answer): unknown {
  const { date: _date, ...rest } = headers;
  return { status, headers: rest, text };
}

function problemOf({ text }: Answer): string | undefined {
  const { type } = (text === '' ? {} : JSON.parse(text)) as { type?: string };
  return type?.replace('/problems/', '');
}

function asResponse({ status, headers }: Answer): Response {
  return { status, headers: new Headers(headers) } as Response;
}
