import { expect, vi } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { deleteEndpoint, pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { type EndpointFilter, searchEndpoints } from '../../../lib/pipeline/history/endpoint-search.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const idsOf = async (world: World, filter: EndpointFilter) =>
  (await searchEndpoints(world.ports, TENANT, { limit: 50 }, filter)).data.map(({ endpoint }) => endpoint.id);

test('endpoints are found by status, URL, label, metadata and event type, and by all of these together', async ({
  world,
}) => {
  const { id: tasks } = await world.endpoint({
    url: 'https://One.example/tasks',
    label: 'Build Bot',
    events: ['task.*'],
    projectId: 'proj_1',
    metadata: { owner: 'build', tier: 'a' },
  });
  await world.clock.advance(1);
  const { id: all } = await world.endpoint({ url: 'https://two.example/all', metadata: { owner: 'builders' } });
  await pauseEndpoint(world.ports, TENANT, all);
  await world.clock.advance(1);
  const { id: grouped } = await world.endpoint({ url: 'https://two.example/grouped', events: ['@Tasks'] });
  const eventType = { type: 'deploy.done', description: 'Done', category: 'Tasks', isDeprecated: false };
  await world.store.eventTypes.putUnlessExists({ ...eventType, createdAt: 0, updatedAt: 0 });

  expect(await idsOf(world, {})).toEqual([tasks, all, grouped]);
  expect(await idsOf(world, { status: 'paused' })).toEqual([all]);
  expect(await idsOf(world, { url: 'TWO.example' })).toEqual([all, grouped]);
  expect(await idsOf(world, { label: 'bot' })).toEqual([tasks]);
  expect(await idsOf(world, { metadata: { name: 'owner', value: 'build' } })).toEqual([tasks]);
  expect(await idsOf(world, { metadata: { name: 'owner', value: 'a' } })).toEqual([]);
  expect(await idsOf(world, { eventType: 'task.done' })).toEqual([tasks, all]);
  expect(await idsOf(world, { eventType: 'deploy.done' })).toEqual([all, grouped]);
  expect(await idsOf(world, { eventType: 'deploy.done', status: 'active', url: 'grouped' })).toEqual([grouped]);
});

test('both names of a type that has two find the endpoints of either', async ({ world }) => {
  const events = ['workflow.usage_calculation.fulfilled'];
  const { id } = await world.endpoint({ url: 'https://one.example', dialect: 'vellum', events });
  expect(await idsOf(world, { eventType: 'workflow_execution.usage_calculation.fulfilled' })).toEqual([id]);
});

test('a deleted endpoint is not found', async ({ world }) => {
  const { id } = await world.endpoint({ url: 'https://one.example' });
  await deleteEndpoint(world.ports, TENANT, id);
  expect(await idsOf(world, { status: 'revoked' })).toEqual([]);
});

test('one call reads 2,000 items at most, and its cursors lead to each match once', async ({ world }) => {
  const meant = new Set([3, 4, 1700]);
  const template = await world.endpoint({ url: 'https://one.example' });
  const planted = Array.from({ length: 1800 }, (_, n): Endpoint => {
    const id = `ep_${String(n).padStart(26, '0')}`;
    return { ...template, id, url: `https://${meant.has(n) ? 'rare' : 'common'}.example` };
  });
  await Promise.all(planted.map((endpoint) => world.store.endpoints.createUnlessExists(endpoint)));
  let read = 0;
  const counting = world.process(undefined, async ({ method }, run) => {
    const answer = await run();
    read += method === 'page' ? (answer as { endpoints: unknown[] }).endpoints.length : 1;
    return answer;
  });
  const found: string[] = [];
  const reads: number[] = [];
  let cursor: string | undefined;
  do {
    read = 0;
    const query = { limit: 2, ...(cursor !== undefined && { cursor }) };
    const page = await searchEndpoints(counting.ports, TENANT, query, { url: 'rare' });
    found.push(...page.data.map(({ endpoint }) => endpoint.id));
    reads.push(read);
    cursor = page.nextCursor;
  } while (cursor !== undefined && reads.length < 20);
  expect(found).toEqual(planted.filter((_, n) => meant.has(n)).map(({ id }) => id));
  expect(Math.max(...reads)).toBeLessThanOrEqual(2000);
  expect(Math.max(...reads)).toBeGreaterThan(1000);
  expect(reads.length).toBeGreaterThan(2);
});

test('one call looks through some megabytes of endpoints at most', async ({ world }) => {
  const template = await world.endpoint({ url: 'https://one.example' });
  const headers = { names: ['x-large'], sealed: 'x'.repeat(50_000) };
  const planted = Array.from({ length: 400 }, (_, n): Endpoint => ({
    ...template,
    id: `ep_${String(n).padStart(26, '0')}`,
    headers,
  }));
  await Promise.all(planted.map((endpoint) => world.store.endpoints.createUnlessExists(endpoint)));
  const page = vi.spyOn(world.store.endpoints, 'page');
  const { nextCursor } = await searchEndpoints(world.ports, TENANT, { limit: 50 }, { url: 'nowhere' });
  expect(page).toHaveBeenCalledTimes(1);
  expect(nextCursor).toBeDefined();
});
