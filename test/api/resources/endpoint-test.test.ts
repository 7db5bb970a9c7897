import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACME_KEY, ApiFixture, READER_KEY } from '../fixture.ts';

let fixture: ApiFixture;
let id: string;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  ({ id } = await fixture.succeed('endpoints.create', {
    body: { url: 'https://example.com/hooks', events: ['task.*'] },
  }));
});
afterEach(() => fixture.close());

const send = (more: object = {}) => fixture.succeed('endpoints.test', { params: { id }, ...more });

it('answers a test with its delivery, which is on its way', async () => {
  expect(await send()).toMatchObject({
    endpoint_id: id,
    event_type: 'task.test',
    status: 'pending',
    attempts: [],
    test: true,
  });
  expect((await fixture.succeed('events.list')).data).toMatchObject([{ type: 'task.test', test: true }]);
});

it('is of a type that can be posted, however long the prefix is that the endpoint subscribes to', async () => {
  const events = [`${'a'.repeat(126)}.*`];
  const endpoint = await fixture.succeed('endpoints.create', { body: { url: 'https://example.com/', events } });
  const { event_type: type } = await send({ params: { id: endpoint.id } });
  expect(await fixture.succeed('events.post', { body: { type, data: {} } })).toMatchObject({ deliveries: 1 });
});

it('marks no other event and no other delivery as a test', async () => {
  const { id: eventId } = await fixture.succeed('events.post', { body: { type: 'task.completed', data: {} } });
  expect(await fixture.succeed('events.get', { params: { id: eventId } })).toMatchObject({ test: false });
  expect((await fixture.succeed('deliveries.list')).data).toMatchObject([{ event_id: eventId, test: false }]);
});

it('lets nobody post an event that is marked as a test', async () => {
  const problem = await fixture.refused('events.post', { body: { type: 'task.completed', data: {}, test: true } });
  expect(problem).toMatchObject({ status: 422, errors: [{ field: 'test' }] });
});

it.each([
  ['a pattern as its type', { body: { event_type: 'task.*' } }, 422, 'event_type'],
  ['an unknown field', { body: { type: 'task.completed' } }, 422, 'type'],
  ['another word for yes', { query: { wait: 'yes' } }, 400, 'wait'],
])('refuses %s, and keeps nothing', async (_, call, status, field) => {
  const problem = await fixture.refused('endpoints.test', { params: { id }, ...call });
  expect(problem).toMatchObject({ status, errors: [{ field }] });
  expect((await fixture.succeed('events.list')).data).toEqual([]);
});

it('refuses the same key with another type', async () => {
  const headers = { 'idempotency-key': 'key' };
  const first = await send({ headers });
  expect((await send({ headers })).id).toBe(first.id);
  const problem = await fixture.refused('endpoints.test', { params: { id }, headers, body: { event_type: 'other' } });
  expect(problem).toMatchObject({ status: 409, type: '/problems/idempotency-conflict' });
});

it('is refused to a key that may not write deliveries, and of another tenant’s endpoint', async () => {
  expect(await fixture.refused('endpoints.test', { params: { id }, key: READER_KEY })).toMatchObject({ status: 403 });
  expect(await fixture.refused('endpoints.test', { params: { id }, key: ACME_KEY })).toMatchObject({ status: 404 });
});

it('is audited with the endpoint as its target', async () => {
  await send();
  const { data } = await fixture.succeed('audit-log.list');
  expect(data).toContainEqual(expect.objectContaining({ action: 'endpoints.test', target: id, outcome: 'done' }));
});
