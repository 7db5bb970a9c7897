import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { ApiFixture, type Call } from '../fixture.ts';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { takesIfMatch } from '../../../lib/api/schemas/if-match.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const ENDPOINT = { url: 'https://example.com/hooks', events: ['*'] };
const EVENT = { type: 'task.completed', data: {} };

async function headersOf(id: RouteId, call: Call): Promise<Record<string, string>> {
  return (await fixture.call(id, call)).headers;
}

async function newEndpoint(): Promise<{ id: string; etag: string }> {
  const { headers, body } = await fixture.call('endpoints.create', { body: ENDPOINT });
  return { id: JSON.parse(body ?? '').id, etag: headers['etag'] as string };
}

describe('X-Request-Id', () => {
  it('is the caller’s, in the answer, in the problem and in the log', async () => {
    const call = { headers: { 'x-request-id': 'req-4711' }, body: { url: 'ftp://example.com' } };
    const { headers, body } = await fixture.call('endpoints.create', call);
    expect(headers['x-request-id']).toBe('req-4711');
    expect(JSON.parse(body ?? '').instance).toBe('/requests/req-4711');
    expect(fixture.lines.map(({ fields }) => fields?.request_id)).toEqual(['req-4711']);
  });

  it.each(['', 'two words', 'a\nb', 'ü', '<script>', 'x'.repeat(129)])('is made when %j is given', async (given) => {
    const headers = await headersOf('account.health', { headers: { 'x-request-id': given } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is made when none is given, another each time', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await headersOf('account.health', {}))['x-request-id']));
    expect(new Set(ids).size).toBe(2);
  });

  it('is in the lines of what the call starts', async () => {
    const { id } = await newEndpoint();
    const call = { params: { id }, body: { since: '2026-01-01T00:00:00Z' }, headers: { 'x-request-id': 'req-1' } };
    await fixture.succeed('endpoints.replay', call);
    expect(fixture.lines.find(({ event }) => event === 'manual.job-started')?.fields).toMatchObject({
      request_id: 'req-1',
    });
  });
});

describe('Location', () => {
  it.each([
    ['endpoints.create', { body: ENDPOINT }, '/v1/endpoints/'],
    ['events.post', { body: EVENT }, '/v1/events/'],
    ['deliveries.bulk-retry', { body: { status: 'exhausted' } }, '/v1/jobs/'],
  ] as [RouteId, Call, string][])('of %s says where to find what was made', async (id, call, folder) => {
    const { headers, body } = await fixture.call(id, call);
    expect(headers['location']).toBe(folder + JSON.parse(body ?? '').id);
  });

  it('is not given where nothing was made', async () => {
    const { id } = await newEndpoint();
    expect(await headersOf('endpoints.get', { params: { id } })).not.toHaveProperty('location');
    expect(await headersOf('endpoints.create', { body: {} })).not.toHaveProperty('location');
  });
});

describe('ETag and If-Match', () => {
  it('an endpoint’s ETag is the same until the endpoint changes', async () => {
    const { id, etag } = await newEndpoint();
    expect(etag).toBe('"1"');
    expect((await headersOf('endpoints.get', { params: { id } }))['etag']).toBe(etag);
    const changed = await headersOf('endpoints.update', { params: { id }, body: { label: 'a' } });
    expect(changed['etag']).toBe('"2"');
    expect((await headersOf('endpoints.pause', { params: { id } }))['etag']).toBe('"3"');
  });

  it('lets an edit through that names the present ETag, alone, in a list, or as *', async () => {
    const { id } = await newEndpoint();
    for (const [index, ifMatch] of ['"1"', '"7", "2"', '*'].entries()) {
      const call = { params: { id }, body: { label: `edit ${index}` }, headers: { 'if-match': ifMatch } };
      expect(await fixture.succeed('endpoints.update', call)).toMatchObject({ label: `edit ${index}` });
    }
  });

  it.each(['"7"', 'W/"1"', '"1x"', '"7", "8"'])('refuses an edit and a delete that name %s', async (ifMatch) => {
    const { id } = await newEndpoint();
    const call = { params: { id }, headers: { 'if-match': ifMatch } };
    const edit = await fixture.refused('endpoints.update', { ...call, body: { label: 'a' } });
    expect(edit).toMatchObject({ status: 412, type: '/problems/precondition-failed' });
    expect(await fixture.refused('endpoints.delete', call)).toMatchObject({ status: 412 });
    expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ label: null, generation: 1 });
  });

  const STATE_CALLS = [
    ['endpoints.pause', {}],
    ['endpoints.resume', { before: 'endpoints.pause', body: { held: 'release' } }],
    ['endpoints.disable', {}],
    ['endpoints.enable', { before: 'endpoints.disable' }],
  ] as [RouteId, { before?: RouteId; body?: object }][];

  it.each(STATE_CALLS)('%s is made only on what it names', async (route, { before, body }) => {
    const { id } = await newEndpoint();
    if (before) await fixture.succeed(before, { params: { id } });
    const { generation, status } = await fixture.succeed('endpoints.get', { params: { id } });
    const call = (ifMatch: string) => ({ params: { id }, body, headers: { 'if-match': ifMatch } });
    const refused = await fixture.refused(route, call(`"${generation + 1}"`));
    expect(refused).toMatchObject({ status: 412, type: '/problems/precondition-failed' });
    expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ generation, status });
    const changed = await fixture.succeed(route, call(`"${generation}"`));
    expect(changed.generation).toBe(generation + 1);
  });

  it('is refused by every call that does not read it', async () => {
    const others = routes.filter((route) => !takesIfMatch(route));
    expect(others.length).toBeGreaterThan(20);
    for (const { id } of others) {
      const problem = await fixture.refused(id as RouteId, { headers: { 'if-match': '"1"' } });
      expect(problem, id).toMatchObject({ status: 400, errors: [{ field: 'if-match' }] });
      expect(problem.detail).toContain('leave it off');
    }
  });

  it('refuses what is no ETag', async () => {
    const { id } = await newEndpoint();
    const call = { params: { id }, body: { label: 'a' }, headers: { 'if-match': '1' } };
    expect(await fixture.refused('endpoints.update', call)).toMatchObject({
      status: 400,
      errors: [{ field: 'if-match', message: '`if-match` must be an ETag such as "3", a list of them, or *.' }],
    });
  });

  it('of two edits of what both have read, one is refused', async () => {
    const { id, etag } = await newEndpoint();
    const edit = (label: string) =>
      fixture.call('endpoints.update', { params: { id }, body: { label }, headers: { 'if-match': etag } });
    const statuses = (await Promise.all([edit('a'), edit('b')])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412]);
  });

  it('deletes what it names, and a deleted endpoint is a 404, whatever is named', async () => {
    const { id, etag } = await newEndpoint();
    await fixture.succeed('endpoints.delete', { params: { id }, headers: { 'if-match': etag } });
    const again = { params: { id }, headers: { 'if-match': '"2"' } };
    expect(await fixture.refused('endpoints.delete', again)).toMatchObject({ status: 404 });
  });
});

describe('RateLimit', () => {
  const post = () => fixture.call('events.post', { body: EVENT });

  it('says what the tenant’s quota is, and what is left of it in this minute', async () => {
    await fixture.succeed('tenants.update', { params: { id: 'default' }, body: { events_per_second: 0.1 } });
    const { headers } = await post();
    expect(headers['ratelimit-policy']).toBe('"events";q=6;w=60');
    expect(headers['ratelimit']).toMatch(/^"events";r=5;t=\d+$/);
    const batch = { body: { events: [EVENT, EVENT] } };
    expect((await headersOf('events.batch', batch))['ratelimit']).toMatch(/^"events";r=3;t=\d+$/);
  });

  it('is in the refusal too, whose Retry-After is its reset', async () => {
    await fixture.succeed('tenants.update', { params: { id: 'default' }, body: { events_per_second: 0.1 } });
    for (let posted = 0; posted < 6; posted += 1) expect((await post()).status).toBe(202);
    const { status, headers } = await post();
    expect(status).toBe(429);
    expect(headers['ratelimit']).toBe(`"events";r=0;t=${headers['retry-after']}`);
  });

  it('is not given to a tenant without a quota', async () => {
    expect((await post()).headers).not.toHaveProperty('ratelimit');
    await fixture.succeed('tenants.update', { params: { id: 'default' }, body: { events_per_second: 1 } });
    expect((await post()).headers).toHaveProperty('ratelimit');
    await fixture.succeed('tenants.update', { params: { id: 'default' }, body: { events_per_second: null } });
    expect((await post()).headers).not.toHaveProperty('ratelimit');
  });
});

it('a fault has the id in its headers, its problem and its log line', async () => {
  const failing = { ...fixture.ports.brakes, get: () => Promise.reject(new ServiceFault('throttled')) };
  const other = await ApiFixture.open({ ports: { brakes: failing } });
  const { status, headers, body } = await other.call('brake.get', { headers: { 'x-request-id': 'req-9' } });
  expect([status, headers['x-request-id'], JSON.parse(body ?? '').instance]).toEqual([503, 'req-9', '/requests/req-9']);
  expect(other.lines.map(({ fields }) => fields?.request_id)).toEqual(['req-9']);
  other.close();
});
