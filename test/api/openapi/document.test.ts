import { expect, it } from 'vitest';
import { SCOPES, SESSION_SCOPES } from '../../../lib/api/auth/scopes.ts';
import { openApi } from '../../../lib/api/openapi/document.ts';
import { type RouteId, routes } from '../../../lib/api/routes.ts';
import { takesKey } from '../../../lib/api/schemas/idempotency-key.ts';
import { ApiFixture, routeOf } from '../fixture.ts';

interface Operation {
  operationId: string;
  parameters: { $ref?: string; name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: object; example?: unknown } } };
  responses: Record<string, { content?: { 'application/json': { schema: { type?: string }; example?: unknown } } }>;
}

const document = openApi();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
);
const operationOf = (id: RouteId) =>
  operations.find(({ operation }) => operation.operationId === routeOf(id).operationId)?.operation;

const isTenantHeader = ({ $ref }: { $ref?: string }) => $ref === '#/components/parameters/Tenant';

it('gives each route an id, a method and path of its own, and a scope that a key or a session can have', () => {
  expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  const scopes = new Set(routes.flatMap(({ scope }) => scope ?? []));
  expect([...scopes].toSorted()).toEqual([...SCOPES, ...SESSION_SCOPES].toSorted());
});

it('describes every route, at its method and path', () => {
  const described = operations.map(({ path, method, operation }) => [operation.operationId, method, path]);
  const expected = routes.map(({ operationId, method, path }) => [operationId, method.toLowerCase(), path]);
  expect(described.toSorted()).toEqual(expected.toSorted());
});

it('describes exactly the parameters that a path has', () => {
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => name)).toEqual(named);
    expect(inPath.every(({ required }) => required)).toBe(true);
  }
});

it('lists the header of the tenant exactly where it acts', async () => {
  const fixture = await ApiFixture.open();
  for (const { id, scope, platform, ofKey } of routes) {
    const listed = operationOf(id as RouteId)?.parameters.some(isTenantHeader);
    expect(listed, id).toBe(scope !== null && !platform && !ofKey);
    if (scope !== null) {
      const { body } = await fixture.call(id as RouteId, { headers: { 'postrider-tenant': 'acme' } });
      expect(body?.includes('`postrider-tenant` is not read') ?? false, id).toBe(!listed);
    }
  }
  fixture.close();
});

it('lists the key of a call exactly where it is read, and the refusal of a key that was used for something else', () => {
  for (const route of routes) {
    const { id } = route;
    const operation = operationOf(id as RouteId);
    const listed = operation?.parameters.some(({ name }) => name === 'Idempotency-Key');
    expect(listed, id).toBe(takesKey(route));
    expect(JSON.stringify(operation?.responses['409'] ?? '').includes('`idempotency-conflict`'), id).toBe(listed);
  }
});

it('describes each success with its status, and a body where there is one', () => {
  for (const route of routes) {
    const success = operationOf(route.id as RouteId)?.responses[route.status];
    expect(success?.content?.['application/json'].schema !== undefined, route.id).toBe(route.response !== undefined);
  }
});

it('gives examples that its own schemas accept', () => {
  const checked = routes.filter((route) => {
    const request = operationOf(route.id as RouteId)?.requestBody?.content['application/json'].example;
    if (request !== undefined) route.body?.parse(request);
    const response = operationOf(route.id as RouteId)?.responses[route.status]?.content?.['application/json'].example;
    if (response !== undefined) route.response?.parse(response);
    return request !== undefined || response !== undefined;
  });
  expect(checked.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['endpoints.create', 'endpoints.update', 'endpoints.resume', 'events.post']),
  );
});

it('points only to components that are there', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, kind, name] of references) {
    expect(document.components).toHaveProperty([kind as string, name as string]);
  }
  expect(JSON.stringify(document)).not.toContain('#/$defs');
});

it('describes fields, defaults and limits from the schemas that validate', () => {
  const limit = operationOf('events.list')?.parameters.find(({ name }) => name === 'limit');
  expect(limit).toMatchObject({ in: 'query', required: false, schema: { minimum: 1, maximum: 200, default: 50 } });
  expect(operationOf('events.post')?.requestBody?.content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/EventPost',
  });
  expect(document.components.schemas['EventPost']).toMatchObject({
    type: 'object',
    required: ['type', 'data'],
    additionalProperties: false,
    properties: { trace: { type: 'object' } },
  });
});

it('lets answers have more fields than today’s', () => {
  const closed = Object.entries(document.components.schemas).filter(([, schema]) =>
    JSON.stringify(schema).includes('"additionalProperties":false'),
  );
  const bodies = operations.map(({ operation }) => JSON.stringify(operation.requestBody ?? ''));
  const ofRequests = closed.filter(([name]) => bodies.some((text) => text.includes(`/${name}"`)));
  // A project, an event of a batch, a way to authenticate, a previous secret and a theme are parts of bodies.
  expect(closed.map(([name]) => name).toSorted()).toEqual(
    [
      ...ofRequests.map(([name]) => name),
      'BatchEvent',
      'ProjectPost',
      'PreviousSecret',
      'BasicAuth',
      'BearerAuth',
      'HeaderAuth',
      'PortalThemeGiven',
    ].toSorted(),
  );
});

it('is served to everyone', async () => {
  const fixture = new ApiFixture();
  expect(await fixture.succeed('account.openapi', { key: null })).toEqual(JSON.parse(JSON.stringify(document)));
  fixture.close();
});
