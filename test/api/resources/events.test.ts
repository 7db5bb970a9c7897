import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const post = (body: unknown, headers: Record<string, string> = {}) => fixture.succeed('events.post', { body, headers });
const get = (id: string) => fixture.succeed('events.get', { params: { id } });

async function addEndpoint(): Promise<string> {
  const body = { url: 'https://example.com/hooks', events: ['task.*'] };
  return (await fixture.succeed('endpoints.create', { body })).id;
}

it('accepts an event, says how many endpoints it goes to, and shows it with its deliveries', async () => {
  const endpointId = await addEndpoint();
  const event = {
    type: 'task.completed',
    data: { task_id: 'TASK-001' },
    project: { id: 'proj_1', name: 'One' },
    trace: { trace_id: 'abc' },
    external_id: 'x-1',
  };
  const accepted = await post(event);
  expect(accepted).toEqual({ id: expect.stringMatching(/^evt_/), deliveries: 1 });
  expect(await get(accepted.id)).toEqual({
    ...event,
    id: accepted.id,
    tenant_id: 'default',
    test: false,
    occurred_at: '2026-01-01T00:00:00.000Z',
    created_at: '2026-01-01T00:00:00.000Z',
    filtered: 0,
    payload_deleted_at: null,
    counts: { pending: 1, retrying: 0, parked: 0, held: 0, delivered: 0, exhausted: 0, abandoned: 0 },
  });
  const { data } = await fixture.succeed('events.deliveries', { params: { id: accepted.id } });
  expect(data).toMatchObject([
    { endpoint_id: endpointId, event_id: accepted.id, status: 'pending', attempt_number: 0 },
  ]);
});

it('shows when an event happened, and takes a trace that nests', async () => {
  const parent = { span_id: 's1', parent: { span_id: 's0', deployment_id: 'd', release_tag_name: 'LATEST' } };
  const trace = { trace_id: 't', span_id: 's2', parent };
  const { id } = await post({ type: 'a', data: 1, trace, occurred_at: '2025-12-31T23:30:00.120+02:00' });
  expect(await get(id)).toMatchObject({ trace, occurred_at: '2025-12-31T21:30:00.120Z' });
});

it.each(['0000-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'])(
  'refuses the time %s, which no time of four digits for the year is in UTC',
  async (occurred) => {
    const body = { type: 'a', data: 1, occurred_at: occurred };
    expect(await fixture.refused('events.post', { body })).toMatchObject({
      status: 422,
      errors: [{ field: 'occurred_at' }],
    });
  },
);

it.each(['null', 'false', '0', '"text"', '[1,[]]', '{"a":{"b":null}}', '{"a":"\\u0001\\ud83d\\ude00"}'])(
  'keeps the data %s as it is',
  async (data) => {
    const { id } = await post(`{"type":"a","data":${data}}`);
    expect((await get(id)).data).toEqual(JSON.parse(data));
  },
);

it('keeps members named like those of a prototype in data and trace, and changes no prototype', async () => {
  const data = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}';
  const { id } = await post(`{"type":"a","data":${data},"trace":{"__proto__":{"polluted":true}}}`);
  const { body } = await fixture.call('events.get', { params: { id } });
  expect(body).toContain(`"data":${data}`);
  expect(body).toContain('"trace":{"__proto__":{"polluted":true}}');
  expect({}).not.toHaveProperty('polluted');
});

it('takes a body with a byte order mark, as bytes, and with a charset', async () => {
  const bytes = Buffer.from('\uFEFF{"type":"a","data":"é"}');
  const { id } = await post(bytes, { 'content-type': 'Application/JSON; charset=utf-8' });
  expect((await get(id)).data).toBe('é');
});

it.each([{ 'content-encoding': 'identity' }, { 'content-type': 'application/json;charset="UTF-8"' }])(
  'takes a body with the headers %j',
  async (headers) => {
    await post('{"type":"a","data":1}', headers);
  },
);

it('answers the same key with the same event, and another body with 409', async () => {
  const key = { 'idempotency-key': 'job 1/2' };
  const first = await post({ type: 'a', data: { x: 1, y: 2 } }, key);
  expect(await post('{"data":{"y":2,"x":1},"type":"a"}', key)).toEqual(first);
  const problem = await fixture.refused('events.post', { body: { type: 'a', data: { x: 2 } }, headers: key });
  expect(problem).toMatchObject({ status: 409, type: '/problems/idempotency-conflict' });
});

it('lists events page by page, newest first, within a time range', async () => {
  const ids: string[] = [];
  for (const type of ['a', 'b', 'c']) {
    ids.unshift((await post({ type, data: 1 })).id);
    await fixture.clock.advance(1000);
  }
  const first = await fixture.succeed('events.list', { query: { limit: '2' } });
  const second = await fixture.succeed('events.list', { query: { limit: '2', cursor: first.next_cursor } });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);

  const query = { since: '2026-01-01T00:00:01Z', until: '2026-01-01T01:00:02+01:00' };
  expect((await fixture.succeed('events.list', { query })).data.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
});

it('refuses a cursor in another list, and with other filters', async () => {
  for (let index = 0; index < 2; index += 1) {
    await post({ type: 'a', data: index });
    await fixture.clock.advance(1);
  }
  const { next_cursor: cursor } = await fixture.succeed('events.list', { query: { limit: '1' } });
  await fixture.succeed('events.list', { query: { limit: '5', cursor } });
  for (const [list, query] of [
    ['endpoints.list', {}],
    ['deliveries.list', {}],
    ['events.list', { since: '2025-01-01T00:00:00Z' }],
  ] as const) {
    const problem = await fixture.refused(list, { query: { ...query, cursor } });
    expect(problem).toMatchObject({ status: 400, type: '/problems/invalid-cursor' });
  }
});

it.each(['events.get', 'events.deliveries'] as const)('answers %s of an unknown event with 404', async (id) => {
  const problem = await fixture.refused(id, { params: { id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB' } });
  expect(problem).toMatchObject({ status: 404, detail: expect.stringContaining('No such event') });
});

it('answers the name of another call in the place of an id with 405 and its method', async () => {
  const batch = await fixture.refused('events.get', { params: { id: 'batch' } });
  expect([batch.status, batch.headers.allow]).toEqual([405, 'POST']);
  const retry = await fixture.refused('deliveries.get', { params: { id: 'retry' } });
  expect([retry.status, retry.headers.allow]).toEqual([405, 'POST']);
  expect(await fixture.refused('events.get', { params: { id: 'batches' } })).toMatchObject({ status: 404 });
});

it.each(['type=a.*.b', 'endpoint_id=evt_1', 'external_id=', 'since=yesterday', 'limit=0'])(
  'refuses the search %s, and says why',
  async (text) => {
    const query = Object.fromEntries(new URLSearchParams(text));
    expect(await fixture.refused('events.list', { query })).toMatchObject({ status: 400 });
  },
);

it('refuses the cursor of another search', async () => {
  for (let nth = 0; nth < 2; nth += 1) await fixture.succeed('events.post', { body: { type: 'a', data: nth } });
  const { next_cursor: cursor } = await fixture.succeed('events.list', { query: { type: 'a', limit: '1' } });
  expect(cursor).not.toBeNull();
  const other = { query: { type: 'b', limit: '1', cursor } };
  expect(await fixture.refused('events.list', other)).toMatchObject({ type: '/problems/invalid-cursor' });
});

it.each(['postrider.endpoint.paused', 'postrider.anything'])(
  'refuses to take in or to describe %s: such types are for operational events',
  async (type) => {
    const why = '`type` must not begin with `postrider.`';
    const posted = await fixture.refused('events.post', { body: { type, data: {} } });
    expect(posted).toMatchObject({ status: 422, detail: expect.stringContaining(why) });
    const batch = await fixture.succeed('events.batch', { body: { events: [{ type, data: {} }] } });
    expect(JSON.stringify(batch)).toContain(why);
    const described = await fixture.refused('event-types.create', { body: { type, description: 'Mine' } });
    expect(described).toMatchObject({ status: 422, detail: expect.stringContaining(why) });
  },
);

it('takes in a type that only resembles those of operational events', async () => {
  for (const type of ['postrider', 'postriders.a', 'my.postrider.a']) await post({ type, data: {} });
});
