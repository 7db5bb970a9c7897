import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { createHandler as createAccount } from '../../lambdas/account.ts';
import { type ApiEvent, type ApiHandler, apiFunction } from '../../lambdas/runtime/api-function.ts';
import { openApi } from '../../lib/api/openapi/document.ts';
import { brakeHandlers } from '../../lib/api/resources/brake/handlers.ts';
import { eventPostRoutes } from '../../lib/api/resources/events/post-routes.ts';
import { eventPostHandlers } from '../../lib/api/resources/events/post-handlers.ts';
import { serviceHandlers } from '../../lib/api/resources/service/handlers.ts';
import { tenantHandlers } from '../../lib/api/resources/tenants/handlers.ts';
import { routes } from '../../lib/api/routes.ts';
import type { RouteLambda } from '../../lib/api/route.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import type { Accepted, IngestRequest } from '../../lib/pipeline/ingest/ingest.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { JSON_TYPE, type TestDeployment, apiEvent, testDeployment } from './calls.ts';

const POST = 'POST /v1/events';
const PLATFORM = { key_id: 'key_1', scopes: 'events:read events:write' };
const ACME = { ...PLATFORM, tenant_id: 'acme' };
const EVENT = { type: 'task.completed', data: { title: 'Grüße 😀' } };
const context = lambdaContext('ingest', 10_000);

let deployment: TestDeployment;
let ingested: IngestRequest[];
let ingest: (request: IngestRequest) => Promise<Accepted>;
let handler: ApiHandler;
beforeEach(() => {
  deployment = testDeployment();
  ingested = [];
  ingest = async (request) => {
    ingested.push(request);
    return { id: 'evt_1', deliveries: 1 };
  };
  const { random, log } = deployment;
  const one = (request: IngestRequest) => ingest(request);
  const taking = Object.assign(one, {
    batch: (requests: readonly IngestRequest[]) => Promise.all(requests.map(one)),
    quota: () => undefined,
  });
  const routes = Object.values(eventPostRoutes);
  handler = apiFunction('ingest', { routes, handlers: eventPostHandlers(taking), ports: { random, log } }, deployment);
});

async function call(...event: Parameters<typeof apiEvent>) {
  const { statusCode, headers, body } = await handler(apiEvent(...event), context);
  return { status: statusCode, headers, body: JSON.parse(body ?? 'null') as Record<string, unknown> };
}

describe('a request through API Gateway', () => {
  test('comes to the handler with its body and its headers', async () => {
    const headers = { ...JSON_TYPE, 'idempotency-key': 'order-1' };
    const answer = await call(POST, { headers, body: JSON.stringify(EVENT) }, ACME);
    expect(answer).toMatchObject({ status: 202, body: { id: 'evt_1', deliveries: 1 } });
    expect(answer.headers).toMatchObject(JSON_TYPE);
    const event = { type: EVENT.type, data: JSON.stringify(EVENT.data) };
    expect(ingested).toEqual([{ tenantId: 'acme', event, idempotencyKey: 'order-1' }]);
  });

  test('may have null where it has no query and no parameters, as some emulators write it', async () => {
    const none = { pathParameters: null, queryStringParameters: null } as object;
    const answer = await call(POST, { headers: JSON_TYPE, body: JSON.stringify(EVENT), ...none }, ACME);
    expect(answer.status).toBe(202);
  });

  test('may have its body in base64', async () => {
    const body = Buffer.from(JSON.stringify(EVENT)).toString('base64');
    await call(POST, { headers: JSON_TYPE, body, isBase64Encoded: true }, ACME);
    expect(ingested[0]?.event.data).toBe(JSON.stringify(EVENT.data));
  });

  test('is refused for a query that the route does not know', async () => {
    const parts = { headers: JSON_TYPE, body: JSON.stringify(EVENT), queryStringParameters: { dry_run: '1' } };
    expect(await call(POST, parts, ACME)).toMatchObject({ status: 400, body: { type: '/problems/invalid-request' } });
  });

  test('is refused for a parameter that is given twice, whose values the gateway joins', async () => {
    const query = { rawQueryString: 'dry%5Frun=1&dry_run=2', queryStringParameters: { dry_run: '1,2' } };
    const answer = await call(POST, { headers: JSON_TYPE, body: JSON.stringify(EVENT), ...query }, ACME);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'dry_run' }] } });
    expect(answer.body['detail']).toContain('give it once');
  });

  test('to a route of another function is a 404 with a problem', async () => {
    const answer = await call('GET /v1/events', {}, ACME);
    expect(answer).toMatchObject({ status: 404, body: { type: '/problems/unknown-path' } });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  });

  test('is named by its X-Request-Id, or else by the id that is in the access log', async () => {
    const requestContext = { requestId: 'JKJaXmPLvHcESHA=' } as ApiEvent['requestContext'];
    expect((await call('GET /v1/events', { requestContext })).headers).toMatchObject({
      'x-request-id': 'JKJaXmPLvHcESHA=',
    });
    const named = await call(POST, { requestContext, headers: { 'x-request-id': 'req-1' } }, ACME);
    expect(named).toMatchObject({ headers: { 'x-request-id': 'req-1' }, body: { instance: '/requests/req-1' } });
  });

  test('to a public route needs no authorizer', async () => {
    const environment = { POSTRIDER_CONFIG_TABLE: 'config', POSTRIDER_KMS_KEY_ID: 'key', POSTRIDER_LOG_TTL_DAYS: '30' };
    const account = createAccount({ ...deployment, environment });
    const health = await account(apiEvent('GET /v1/health'), context);
    expect(health).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  });
});

describe('who calls', () => {
  const body = JSON.stringify(EVENT);

  test('is what the authorizer has found, and nothing that the request says', async () => {
    const forged = {
      headers: { ...JSON_TYPE, authorization: 'Bearer prk_anything', 'x-key-id': 'key_1', 'postrider-key': 'key_1' },
      queryStringParameters: { key_id: 'key_1', scopes: 'events:write' },
      body: JSON.stringify({ ...EVENT, requestContext: { authorizer: { lambda: PLATFORM } } }),
    };
    const answer = await call(POST, forged);
    expect(answer).toMatchObject({ status: 401, body: { type: '/problems/unauthorized' } });
    expect(answer.headers).toMatchObject({ 'www-authenticate': 'Bearer' });
    expect(ingested).toEqual([]);
  });

  test('is absent when the authorizer did not find the key', async () => {
    expect((await call(POST, { headers: JSON_TYPE, body }, {})).status).toBe(401);
  });

  test('needs the scope of the route', async () => {
    const reader = { key_id: 'key_2', scopes: 'events:read' };
    const answer = await call(POST, { headers: JSON_TYPE, body }, reader);
    expect(answer).toMatchObject({ status: 403, body: { type: '/problems/missing-scope' } });
    expect(ingested).toEqual([]);
  });

  test('works in the tenant of the key, or in the one that a platform key names', async () => {
    const named = (tenant: string) => ({ headers: { ...JSON_TYPE, 'postrider-tenant': tenant }, body });
    expect((await call(POST, named('other'), ACME)).status).toBe(403);
    expect((await call(POST, named('other'), PLATFORM)).status).toBe(202);
    expect(ingested.map(({ tenantId }) => tenantId)).toEqual(['other']);
  });
});

describe('what fails', () => {
  const parts = { headers: JSON_TYPE, body: JSON.stringify(EVENT) };

  test('and may pass is a 503 that says when to come back', async () => {
    ingest = () => Promise.reject(new ServiceFault('SQS SendMessageBatch failed'));
    const answer = await call(POST, parts, ACME);
    expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(answer.headers).toHaveProperty('retry-after');
    expect(deployment.log.named('api.unavailable')).toHaveLength(1);
  });

  test('unexpectedly is a 500 without a word of the inside, and a line in the log', async () => {
    ingest = () => Promise.reject(new Error('the inside'));
    const answer = await call(POST, parts, ACME);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer)).not.toContain('the inside');
    expect(deployment.log.named('api.failed')).toHaveLength(1);
  });
});

describe('a function that lacks', () => {
  const READER = { key_id: 'key_1', scopes: 'tenants:read' };
  const service = serviceHandlers(openApi);
  const handlers = { ...service, ...brakeHandlers, ...tenantHandlers };

  test('a port does not compile, and a route that needs it is a 500', async () => {
    const { clock, random, log } = deployment;
    // @ts-expect-error -- `brakes` and `endpoints` are missing
    const account = apiFunction('account', { routes, handlers, ports: { clock, random, log } }, deployment);
    expect((await account(apiEvent('GET /v1/brake', {}, READER), context)).statusCode).toBe(500);
  });

  test('the guard of a route that is audited or asks for a second factor does not compile', () => {
    type GuardOf<Lambda extends RouteLambda> = Parameters<typeof apiFunction<Lambda, never>>[1]['guard'];
    expectTypeOf<undefined>().not.toExtend<GuardOf<'account'>>();
    expectTypeOf<undefined>().not.toExtend<GuardOf<'endpoints'>>();
    expectTypeOf<undefined>().toExtend<GuardOf<'ingest'>>();
    expectTypeOf<undefined>().toExtend<GuardOf<'history'>>();
  });

  test('a handler does not compile, and its route is a 500', async () => {
    const { random, log } = deployment;
    // @ts-expect-error -- the handlers of brakes and tenants are missing
    const account = apiFunction('account', { routes, handlers: service, ports: { random, log } }, deployment);
    expect((await account(apiEvent('GET /v1/brake', {}, READER), context)).statusCode).toBe(500);
  });
});
