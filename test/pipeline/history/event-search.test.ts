import { expect } from 'vitest';
import { type EventFilter, searchEvents } from '../../../lib/pipeline/history/event-search.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';
import type { Process } from '../../support/world.ts';

const acceptAll = async (world: World, process: Process, types: readonly string[]) => {
  const ids: string[] = [];
  for (const type of types) {
    const request = world.request(type);
    ids.push((await process.ingest({ ...request, event: { ...request.event, externalId: `of-${type}` } })).id);
    await world.clock.advance(1);
  }
  return ids;
};

const idsOf = async (world: World, filter: EventFilter, range: { since?: number; until?: number } = {}) =>
  (await searchEvents(world.ports, TENANT, { limit: 50, ...range }, filter)).data.map(({ id }) => id);

test('events are found by type, external id, endpoint and time, and by all of these together', async ({
  world,
  process,
}) => {
  const tasks = await world.endpointAnswering(200, { events: ['task.*'] });
  const start = world.clock.now();
  const [done, begun, other] = await acceptAll(world, process, ['task.done', 'task.begun', 'other']);
  expect(await idsOf(world, {})).toEqual([other, begun, done]);
  expect(await idsOf(world, { type: 'task.done' })).toEqual([done]);
  expect(await idsOf(world, { type: 'task.*' })).toEqual([begun, done]);
  expect(await idsOf(world, { externalId: 'of-other' })).toEqual([other]);
  expect(await idsOf(world, { externalId: 'unknown' })).toEqual([]);
  expect(await idsOf(world, { endpointId: tasks.id })).toEqual([begun, done]);
  expect(await idsOf(world, { endpointId: tasks.id, externalId: 'of-task.done' })).toEqual([done]);
  expect(await idsOf(world, { type: 'task.*' }, { since: start + 1 })).toEqual([begun]);
});

test('an event that a replay added an endpoint to is found by it', async ({ world, process }) => {
  const late = await world.endpointAnswering(200, { events: ['late'] });
  const [id = ''] = await acceptAll(world, process, ['early']);
  expect(await idsOf(world, { endpointId: late.id })).toEqual([]);
  await world.store.events.addEndpointUnlessThere(TENANT, id, late.id);
  expect(await idsOf(world, { endpointId: late.id })).toEqual([id]);
});

test('one call reads 2,000 items at most, and its cursors lead to each match once', async ({ world, process }) => {
  const rare = new Set(['rare.1', 'rare.2']);
  const types = Array.from({ length: 2500 }, (_, n) => (n === 3 ? 'rare.1' : n === 2000 ? 'rare.2' : 'common'));
  const ids = await acceptAll(world, process, types);
  const { events } = world.ports;
  let read = 0;
  const counting = {
    ...world.ports,
    events: Object.assign(Object.create(events) as typeof events, {
      page: async (...args: Parameters<typeof events.page>) => {
        const page = await events.page(...args);
        read += page.length;
        return page;
      },
    }),
  };
  const found: string[] = [];
  let cursor: string | undefined;
  let calls = 0;
  do {
    read = 0;
    const query = { limit: 1, ...(cursor !== undefined && { cursor }) };
    const page = await searchEvents(counting, TENANT, query, { type: 'rare.*' });
    expect(read).toBeLessThanOrEqual(2000);
    found.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
    calls += 1;
  } while (cursor !== undefined && calls < 20);
  expect(found).toEqual(ids.filter((_, n) => rare.has(types[n] ?? '')).toReversed());
  expect(calls).toBeGreaterThan(2);
});

test('one call looks through some megabytes of data at most, and its cursors lead to each match once', async ({
  world,
  process,
}) => {
  const large = JSON.stringify('x'.repeat(250_000));
  const ids: string[] = [];
  for (let n = 0; n < 60; n += 1) {
    const type = n % 25 === 3 ? 'rare' : 'common';
    const { id } = await process.ingest({ tenantId: TENANT, event: { type, data: large } });
    if (type === 'rare') ids.unshift(id);
    await world.clock.advance(1);
  }
  const found: string[] = [];
  const looked: number[] = [];
  const { events } = world.ports;
  const counting = Object.assign(Object.create(events) as typeof events, {
    page: async (...args: Parameters<typeof events.page>) => {
      const page = await events.page(...args);
      looked.push((looked.pop() ?? 0) + page.reduce((sum, { data }) => sum + data.length, 0));
      return page;
    },
  });
  let cursor: string | undefined;
  do {
    looked.push(0);
    const query = { limit: 50, ...(cursor !== undefined && { cursor }) };
    const page = await searchEvents({ ...world.ports, events: counting }, TENANT, query, { type: 'rare' });
    found.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined && looked.length < 20);
  expect(found).toEqual(ids);
  expect(Math.max(...looked)).toBeLessThan(8_000_000);
});
