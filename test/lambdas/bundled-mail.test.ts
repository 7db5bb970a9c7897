import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ApiHandler } from '../../lambdas/runtime/api-function.ts';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import { type Listener, listen } from '../../lib/local/service/listener.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../support/aws-emulators.ts';
import { JSON_TYPE, apiEvent } from './calls.ts';

const KEY = { key_id: 'key_1', tenant_id: 'org_a', scopes: 'endpoints:read endpoints:write' };
const sent: { path: string; body: Record<string, unknown> }[] = [];

let folder: string;
let dynamo: Emulator;
let tables: TestTables;
let ses: Listener;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-mail-bundle-'));
  await build(bundleOptions('account', folder));
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection);
  const server = createServer(async (request, response) => {
    sent.push({ path: request.url ?? '', body: JSON.parse(await text(request)) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"MessageId":"1"}');
  });
  ses = await listen(server, '127.0.0.1', 0);
});
afterAll(async () => {
  await tables.remove();
  await Promise.all([dynamo.stop(), ses.close(), rm(folder, { recursive: true, force: true })]);
});
afterEach(() => vi.unstubAllEnvs());

test('the bundle of account loads SES’s client from the file beside it, for the first mail', async () => {
  const environment: Record<string, string> = {
    AWS_LAMBDA_FUNCTION_NAME: 'account',
    AWS_REGION: dynamo.connection.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.connection.endpoint,
    AWS_ENDPOINT_URL_SESV2: ses.url,
    POSTRIDER_CONFIG_TABLE: tables.names.config,
    POSTRIDER_KMS_KEY_ID: 'key',
    POSTRIDER_LOG_TTL_DAYS: '30',
    POSTRIDER_LOG_SAMPLE: '0.1',
    POSTRIDER_SERVICE: 'Postrider',
    POSTRIDER_MAIL_FROM: 'postrider@example.com',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const url = pathToFileURL(join(folder, 'index.mjs')).href;
  const { handler } = (await import(/* @vite-ignore */ url)) as { handler: ApiHandler };
  const put = { headers: JSON_TYPE, body: JSON.stringify({ address: 'ops@example.com' }) };
  const answer = await handler(apiEvent('PUT /v1/alerts/mail', put, KEY), lambdaContext('account', 10_000));
  expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining('"unconfirmed"') });
  expect(sent).toEqual([
    {
      path: '/v2/email/outbound-emails',
      body: expect.objectContaining({
        FromEmailAddress: 'postrider@example.com',
        Destination: { ToAddresses: ['ops@example.com'] },
      }),
    },
  ]);
});
