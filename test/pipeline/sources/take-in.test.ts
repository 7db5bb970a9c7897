import { expect } from 'vitest';
import { sourceOf } from '../../../lib/api/sources/read-message.ts';
import { RequestError, ServiceFault } from '../../../lib/domain/errors.ts';
import { eraseTenant } from '../../../lib/pipeline/manual/erase-tenant.ts';
import { type SourceMessage, createTakeIn } from '../../../lib/pipeline/sources/take-in.ts';
import type { RefusedMessage } from '../../../lib/ports/refused-messages.ts';
import { test } from '../../support/pipeline-test.ts';
import { type Process, TENANT, type World } from '../../support/world.ts';

const SOURCE = sourceOf('orders', undefined);

function message(id: string, event: object | string = { tenant_id: TENANT, type: 'a', data: {} }): SourceMessage {
  return { id, body: typeof event === 'string' ? event : JSON.stringify(event), receiveCount: 1 };
}

function opened(world: World, ingest: Pick<Process['ingest'], 'batch'>) {
  const refused: RefusedMessage[] = [];
  const put = async (one: RefusedMessage) => void refused.push(one);
  const takeIn = createTakeIn({ log: world.log, refused: { put } }, ingest);
  return { refused, take: (...messages: SourceMessage[]) => takeIn(SOURCE, messages) };
}

const events = (world: World) => world.store.events.page(TENANT, { limit: 100 });

test('a message whose event is accepted is acknowledged, and its event is delivered', async ({ world, process }) => {
  await world.endpointAnswering(200);
  const { take, refused } = opened(world, process.ingest);
  expect(await take(message('1'), message('2'))).toEqual([]);
  await world.run(process, 60_000);
  expect(await events(world)).toHaveLength(2);
  expect(world.log.named('dispatch.attempt').map(({ fields }) => fields.status)).toEqual(['delivered', 'delivered']);
  expect(refused).toEqual([]);
});

test('a message that is received again is the same event, also in one batch', async ({ world, process }) => {
  const { take } = opened(world, process.ingest);
  await take(message('1'), message('1'));
  await take(message('1'));
  expect(await events(world)).toHaveLength(1);
});

test('messages of two sources with the same id are two events, and so is a post with that key', async ({
  world,
  process,
}) => {
  const takeIn = createTakeIn({ log: world.log, refused: { put: async () => {} } }, process.ingest);
  const keyed = message('1', { tenant_id: TENANT, type: 'a', data: {}, idempotency_key: 'key' });
  for (const name of ['one', 'two']) await takeIn(sourceOf(name, undefined), [keyed]);
  await process.ingest(world.request('a', 'key'));
  expect(await events(world)).toHaveLength(3);
});

test('a message that can’t be an event is kept with the reason, and stops no other', async ({ world, process }) => {
  const { take, refused } = opened(world, process.ingest);
  const bad = [message('1', 'not JSON'), message('2', { type: 'a', data: {} }), message('3', { tenant_id: TENANT })];
  expect(await take(...bad, message('4'))).toEqual([]);
  expect(refused.map(({ messageId, code }) => [messageId, code])).toEqual([
    ['1', 'invalid-json'],
    ['2', 'invalid-request'],
    ['3', 'invalid-request'],
  ]);
  expect(refused[1]).toMatchObject({ source: 'orders', body: bad[1]?.body, why: '`tenant_id` is missing: add it.' });
  expect(await events(world)).toHaveLength(1);
});

test('no line has a word of the message', async ({ world, process }) => {
  const { take } = opened(world, process.ingest);
  await take(message('1', 'a-secret'), message('2', { tenant_id: TENANT, type: 'a-secret!', data: {} }));
  expect(world.log.named('source.refused')).toHaveLength(2);
  expect(JSON.stringify(world.log.lines)).not.toContain('a-secret');
});

test('a message comes back while its tenant is over its quota', async ({ world }) => {
  const over = new RequestError('over-quota', 'Later.', 7);
  const { take, refused } = opened(world, { batch: async (requests) => requests.map(() => ({ error: over })) });
  expect(await take(message('1'))).toEqual(['1']);
  expect(refused).toEqual([]);
  expect(world.log.named('source.waiting')).toMatchObject([{ fields: { message_id: '1', code: 'over-quota' } }]);
});

test('a message comes back as long as a service fails, and five times when Postrider itself does', async ({
  world,
}) => {
  let error: Error = new ServiceFault('DynamoDB is away.');
  const { take, refused } = opened(world, { batch: async (requests) => requests.map(() => ({ error })) });
  const received = (receiveCount: number) => ({ ...message('1'), receiveCount });
  expect(await take(received(100))).toEqual(['1']);
  error = new TypeError('a bug');
  expect(await take(received(4))).toEqual(['1']);
  expect(await take(received(5))).toEqual([]);
  expect(refused).toMatchObject([{ code: 'unexpected', why: 'a bug' }]);
});

test('all messages come back when nothing is taken in at all', async ({ world }) => {
  const full = new RequestError('over-capacity', 'Later.', 5);
  const { take } = opened(world, { batch: () => Promise.reject(full) });
  expect(await take(message('1'), message('2', 'not JSON'), message('3'))).toEqual(['1', '3']);
});

test('a refused message that can’t be kept comes back', async ({ world, process }) => {
  const put = () => Promise.reject(new ServiceFault('The queue is away.'));
  const takeIn = createTakeIn({ log: world.log, refused: { put } }, process.ingest);
  expect(await takeIn(SOURCE, [message('1', 'not JSON'), message('2')])).toEqual(['1']);
  expect(world.log.named('source.not-refused')).toHaveLength(1);
});

test('of an erased tenant nothing is kept, the message neither', async ({ world, process }) => {
  const { take, refused } = opened(world, process.ingest);
  await take(message('1'));
  await eraseTenant(process.ports, TENANT);
  await world.run(process, 3_600_000);
  expect(await take(message('2'))).toEqual([]);
  expect(refused).toEqual([]);
  expect(world.log.named('source.refused')).toMatchObject([{ fields: { code: 'tenant-erased', message_id: '2' } }]);
});
