import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  const body = { url: 'https://example.com/hooks', events: ['task.*'] };
  await fixture.succeed('endpoints.create', { body });
});
afterEach(() => fixture.close());

const event = (more: object = {}) => ({ type: 'task.completed', data: { n: 1 }, ...more });
const post = async (events: unknown[]) => (await fixture.succeed('events.batch', { body: { events } })).data;
const posted = async () => (await fixture.succeed('events.list')).data;

it('accepts events, each with its own result, in their order', async () => {
  const results = await post([event({ external_id: 'a' }), event({ type: 'other', external_id: 'b' }), event()]);
  expect(results).toEqual([1, 0, 1].map((deliveries) => ({ id: expect.stringMatching(/^evt_/), deliveries })));
  const first = await fixture.succeed('events.get', { params: { id: results[0].id } });
  expect(first).toMatchObject({ external_id: 'a', data: { n: 1 }, counts: { pending: 1 } });
});

it.each<[string, unknown, object]>([
  ['a missing type', { data: 1 }, { status: 422, detail: '`type` is missing: add it.' }],
  ['an unknown field', event({ foo: 1 }), { status: 422, errors: [{ field: 'foo', message: expect.any(String) }] }],
  ['no object', 5, { status: 422, detail: 'The event must be an object.' }],
  ['a bad key', event({ idempotency_key: '' }), { status: 422, detail: expect.stringContaining('`idempotency_key`') }],
  ['a forbidden member', JSON.parse('{"type":"a","data":1,"__proto__":{"x":1}}'), { status: 422 }],
  ['more than 256 KiB of data', event({ data: 'x'.repeat(262_145) }), { status: 413, type: '/problems/too-large' }],
])('answers %s in its place, and takes the others', async (_, bad, problem) => {
  fixture.lines.length = 0;
  const results = await post([event(), bad, event()]);
  expect(results[1]).toEqual({ error: expect.objectContaining(problem) });
  expect([results[0], results[2]]).toMatchObject([{ deliveries: 1 }, { deliveries: 1 }]);
  expect(await posted()).toHaveLength(2);
  expect(fixture.lines.filter((line) => line.event === 'api.refused')).toMatchObject([
    { level: 'info', fields: { route: 'events.batch' } },
  ]);
});

it('answers data that is nested too deep in its place', async () => {
  const deep = `{"type":"a","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
  const body = `{"events":[{"type":"task.a","data":1},${deep}]}`;
  const { data } = await fixture.succeed('events.batch', { body });
  expect(data).toMatchObject([{ deliveries: 1 }, { error: { status: 422, type: '/problems/too-deep' } }]);
});

it('keeps members of any name in data, as a single post does', async () => {
  const data = '{"__proto__":{"polluted":true}}';
  const results = await fixture.succeed('events.batch', { body: `{"events":[{"type":"a","data":${data}}]}` });
  const { body } = await fixture.call('events.get', { params: { id: results.data[0].id } });
  expect(body).toContain(`"data":${data}`);
});

it('answers the same key with the same event, also to a single post, and another body with 409', async () => {
  const [first] = await post([event({ idempotency_key: 'key' })]);
  expect(await post([event({ idempotency_key: 'key' })])).toEqual([first]);
  const headers = { 'idempotency-key': 'key' };
  expect(await fixture.succeed('events.post', { body: event(), headers })).toEqual(first);
  const [other] = await post([event({ idempotency_key: 'key', data: 2 })]);
  expect(other).toMatchObject({ error: { status: 409, type: '/problems/idempotency-conflict' } });
});

it('answers what failed on our side with 503 or 500, and takes it when it is posted again', async () => {
  const broken = await ApiFixture.open();
  broken.ports.events.putUnlessExists = () => Promise.reject(new ServiceFault('throttled'));
  const { data } = await broken.succeed('events.batch', { body: { events: [event()] } });
  expect(data).toMatchObject([{ error: { status: 503, type: '/problems/unavailable' } }]);
  broken.ports.events.putUnlessExists = () => Promise.reject(new TypeError('a bug'));
  const again = await broken.succeed('events.batch', { body: { events: [event()] } });
  expect(again.data).toMatchObject([{ error: { status: 500, instance: expect.stringMatching(/^\/requests\//) } }]);
  expect(broken.lines.map((line) => line.event)).toEqual(expect.arrayContaining(['api.unavailable', 'api.failed']));
  broken.close();
});

it.each<[string, unknown, number, string]>([
  ['no events', { events: [] }, 422, '`events` must have at least 1 entry'],
  ['more than 100', { events: Array(101).fill(event()) }, 422, '`events` must have at most 100 entries'],
  ['a list as the body', [event()], 422, 'The body must be an object'],
  ['another field', { events: [event()], tenant: 'a' }, 422, 'Unknown field `tenant`'],
  ['__proto__ as a field', '{"events":[{"type":"a","data":1}],"__proto__":{}}', 422, 'Unknown field `__proto__`'],
  ['more than 1 MiB', { events: [event({ data: 'x'.repeat(1_048_576) })] }, 413, 'larger than 1048576 bytes'],
])('refuses %s as a whole', async (_, body, status, words) => {
  const problem = await fixture.refused('events.batch', { body });
  expect(problem).toMatchObject({ status, detail: expect.stringContaining(words) });
  expect(await posted()).toEqual([]);
});

it('takes a batch of 1 MiB, and no other body of that size', async () => {
  const large = Array.from({ length: 5 }, () => event({ data: 'x'.repeat(200_000) }));
  expect(await post(large)).toHaveLength(5);
  const single = await fixture.refused('events.post', { body: event({ data: 'x'.repeat(300_000) }) });
  expect(single).toMatchObject({ status: 413, detail: expect.stringContaining('262144') });
});

it('lists an event’s deliveries page by page, and refuses the cursor of another event', async () => {
  for (let n = 0; n < 2; n += 1) {
    await fixture.succeed('endpoints.create', { body: { url: 'https://example.com/hooks', events: ['*'] } });
  }
  const [one, other] = await post([event(), event()]);
  const list = (id: string, query: Record<string, string>) =>
    fixture.succeed('events.deliveries', { params: { id }, query });
  const first = await list(one.id, { limit: '2' });
  const second = await list(one.id, { limit: '2', cursor: first.next_cursor });
  const all = [...first.data, ...second.data].map(({ endpoint_id: id }: { endpoint_id: string }) => id);
  expect([new Set(all).size, all.length, second.next_cursor]).toEqual([3, 3, null]);
  const query = { cursor: first.next_cursor };
  const problem = await fixture.refused('events.deliveries', { params: { id: other.id }, query });
  expect(problem).toMatchObject({ status: 400, type: '/problems/invalid-cursor' });
});
