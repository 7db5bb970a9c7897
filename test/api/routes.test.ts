import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventPostRoutes } from '../../lib/api/resources/events/post-routes.ts';
import type { Route } from '../../lib/api/route.ts';
import { type RouteId, routes } from '../../lib/api/routes.ts';
import { ApiFixture, READER_KEY } from './fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

it('lists each route of each resource once', async () => {
  const folders = ['resources', 'facades'].map((name) => join(import.meta.dirname, '../../lib/api', name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name, 'routes.ts')),
  );
  const tables = await Promise.all(files.map(async (file) => Object.values<Record<string, Route>>(await import(file))));
  const defined = tables.flat().flatMap((table) => Object.values(table));
  expect(routes.map(({ id }) => id).toSorted()).toEqual(defined.map(({ id }) => id).toSorted());
});

it('gives the function ingest each of its routes', () => {
  const own = routes.filter(({ lambda }) => lambda === 'ingest');
  expect(Object.values(eventPostRoutes)).toEqual(own);
  // It knows no other function's routes, and needs none: none of its paths can be meant for another's.
  expect(own.filter(({ path }) => path.includes('{'))).toEqual([]);
});

it('lets only keys retry, replay, test and cancel that may write deliveries', async () => {
  const manual = routes.filter(({ scope }) => scope === 'deliveries:write');
  expect(manual).toHaveLength(11);
  for (const { id } of manual) {
    expect((await fixture.refused(id as RouteId, { key: READER_KEY })).status).toBe(403);
  }
});
