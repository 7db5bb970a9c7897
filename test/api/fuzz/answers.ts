import { expect } from 'vitest';
import { problem as problemSchema } from '../../../lib/api/http/problem-schema.ts';
import { refusalsOf } from '../../../lib/api/openapi/refusals.ts';
import type { Route } from '../../../lib/api/route.ts';

/** An answer must be one that the document describes: the promise that clients are generated from. */
export function expectDocumented(route: Route, { status, headers }: Response, body: string): void {
  expect(status, body).toBeLessThan(500);
  expect(headers.get('x-request-id'), body).toMatch(/^[A-Za-z0-9._:/+=@-]{1,128}$/);
  expect(headers.get('cache-control')).toBe('no-store');
  if (status >= 400) expectRefusal(route, status, headers, body);
  else expectSuccess(route, status, headers, body);
}

function expectRefusal(route: Route, status: number, headers: Headers, body: string): void {
  expect(headers.get('content-type'), body).toBe('application/problem+json');
  const problem = problemSchema.strict().parse(JSON.parse(body));
  expect(problem.status).toBe(status);
  const documented = refusalsOf(route).get(status) ?? [];
  expect(documented, body).toContain(problem.type.replace('/problems/', ''));
  expect(problem.detail).toMatch(/[.)]$/);
}

function expectSuccess(route: Route, status: number, headers: Headers, body: string): void {
  expect([route.status, route.endedStatus], body).toContain(status);
  if (!route.response) return expect(body).toBe('');
  expect(headers.get('content-type')).toBe('application/json');
  const value: unknown = JSON.parse(body);
  // What a schema does not know, parsing would drop.
  expect(route.response.parse(value)).toEqual(value);
  if (route.location)
    expect(headers.get('location')).toBe(
      route.location.replace('{id}', () => encodeURIComponent((value as { id: string }).id)),
    );
  if (route.etag) expect(headers.get('etag')).toBe(`"${(value as { generation: number }).generation}"`);
}
