import { expect, it } from 'vitest';
import { DEFAULT_API_SETTINGS } from '../../lib/api/api-settings.ts';
import { routes } from '../../lib/api/routes.ts';
import { createRouteApi } from '../../lib/api/serve-route.ts';
import { RequestError, ServiceFault, changedMeanwhile } from '../../lib/domain/errors.ts';
import { ApiFixture, routeOf } from './fixture.ts';

const nobody = async () => undefined;

/** Calls a route whose handler throws. */
async function callThrowing(error: unknown) {
  const { ports, lines, ...fixture } = new ApiFixture();
  const api = createRouteApi({
    routes,
    ports,
    guard: undefined,
    settings: DEFAULT_API_SETTINGS,
    authenticate: nobody,
    handlers: { 'account.health': () => Promise.reject(error) },
  });
  const answer = await api.handle(routeOf('account.health'), {
    params: {},
    query: {},
    headers: {},
    body: undefined,
  });
  fixture.store.close();
  return { ...answer, problem: JSON.parse(answer.body ?? ''), lines };
}

it('answers a fault of ours that may pass with 503 and when to come again', async () => {
  const fault = new ServiceFault('the disk is full');
  const { status, headers, problem, lines } = await callThrowing(fault);
  expect(status).toBe(503);
  expect(headers['retry-after']).toBe('5');
  expect(problem.detail).not.toContain('disk');
  expect(lines).toEqual([
    {
      level: 'error',
      event: 'api.unavailable',
      cause: fault,
      fields: { route: 'account.health', request_id: headers['x-request-id'] },
    },
  ]);
});

it('answers what nobody expected with 500 and an id that the log has too', async () => {
  const bug = new TypeError('x is not a function');
  const { status, problem, lines } = await callThrowing(bug);
  expect(status).toBe(500);
  expect(JSON.stringify(problem)).not.toContain('not a function');
  const id = problem.instance.replace('/requests/', '');
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(lines).toEqual([
    { level: 'error', event: 'api.failed', cause: bug, fields: { route: 'account.health', request_id: id } },
  ]);
});

it('passes on when a refused request is good again', async () => {
  const { status, headers, problem } = await callThrowing(new RequestError('over-quota', 'Wait.', 7));
  expect([status, headers['retry-after'], problem.type]).toEqual([429, '7', '/problems/over-quota']);
});

it('answers 500 for a route that was left without a handler', async () => {
  const fixture = new ApiFixture();
  const deps = {
    routes,
    ports: fixture.ports,
    guard: undefined,
    settings: DEFAULT_API_SETTINGS,
    authenticate: nobody,
    handlers: {},
  };
  const request = { params: {}, query: {}, headers: {}, body: undefined };
  expect((await createRouteApi(deps).handle(routeOf('account.health'), request)).status).toBe(500);
  fixture.close();
});

it('tells a caller who loses to other changes each time to repeat it, and logs no fault', async () => {
  const { status, headers, problem, lines } = await callThrowing(changedMeanwhile('endpoint'));
  expect([status, headers['retry-after'], problem.type]).toEqual([409, '1', '/problems/changed-meanwhile']);
  expect(problem.detail).toContain('this one changed nothing. Send it again');
  expect(lines).toMatchObject([{ level: 'info', event: 'api.refused' }]);
});
