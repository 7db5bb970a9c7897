import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { ApiHandler } from '../../lambdas/runtime/api-function.ts';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../support/aws-emulators.ts';
import { JSON_TYPE, apiEvent } from './calls.ts';

const KEY = { key_id: 'key_1', scopes: 'endpoints:read endpoints:write' };

let folder: string;
let dynamo: Emulator;
let tables: TestTables;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-bundle-'));
  await build(bundleOptions('endpoints', folder));
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection);
});
afterAll(async () => {
  await tables.remove();
  await dynamo.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.unstubAllEnvs());

/** The file that is deployed, newly started. */
async function start(environment: Record<string, string>, from = folder): Promise<ApiHandler> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const url = `${pathToFileURL(join(from, 'index.mjs')).href}?${crypto.randomUUID()}`;
  return ((await import(/* @vite-ignore */ url)) as { handler: ApiHandler }).handler;
}

function environment(): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: 'endpoints',
    AWS_REGION: dynamo.connection.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.connection.endpoint,
    POSTRIDER_CONFIG_TABLE: tables.names.config,
    POSTRIDER_LOG_TABLE: tables.names.log,
    POSTRIDER_QUEUE_DELIVERIES_URL: 'http://127.0.0.1:1/deliveries',
    POSTRIDER_QUEUE_JOBS_URL: 'http://127.0.0.1:1/jobs',
    POSTRIDER_QUEUE_RETRIES_URL: 'http://127.0.0.1:1/retries',
    POSTRIDER_QUEUE_SLOW_URL: 'http://127.0.0.1:1/slow',
    POSTRIDER_QUEUE_EXHAUSTED_URL: 'http://127.0.0.1:1/exhausted',
    POSTRIDER_QUEUE_POISON_URL: 'http://127.0.0.1:1/poison',
    POSTRIDER_KMS_KEY_ID: 'key',
    POSTRIDER_LOG_TTL_DAYS: '30',
    POSTRIDER_LOG_SAMPLE: '0.1',
    POSTRIDER_SERVICE: 'Postrider',
  };
}

test('the bundle works with nothing but its environment', async () => {
  const handler = await start(environment());
  const answer = await handler(apiEvent('GET /v1/endpoints', {}, KEY), lambdaContext('endpoints', 10_000));
  expect(answer).toMatchObject({ statusCode: 200, body: '{"data":[],"next_cursor":null}' });
});

test('the bundle calls AWS with the credentials of its role, which Lambda puts into the environment', async () => {
  const asked: Record<string, unknown>[] = [];
  const service = createServer((request, response) => {
    asked.push(request.headers);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  onTestFinished(() => {
    service.closeAllConnections();
    service.close();
  });
  const handler = await start({
    ...environment(),
    AWS_ACCESS_KEY_ID: 'ASIAOFTHEROLE',
    AWS_SESSION_TOKEN: 'of-the-session',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
  });
  await handler(apiEvent('GET /v1/endpoints', {}, KEY), lambdaContext('endpoints', 10_000));
  expect(asked.length).toBeGreaterThan(0);
  for (const headers of asked) {
    expect(headers.authorization).toContain('Credential=ASIAOFTHEROLE/');
    expect(headers['x-amz-security-token']).toBe('of-the-session');
  }
});

test.each(['http://example.com/hook', 'https://127.0.0.1/hook', 'https://169.254.169.254/latest', 'https://10.0.0.1/'])(
  'a deployed function registers nothing at %s, whatever its environment says',
  async (url) => {
    const settings = { ALLOW_HTTP: 'true', POSTRIDER_ALLOW_HTTP: 'true', POSTRIDER_ALLOW_LOOPBACK: 'true' };
    const lines: string[] = [];
    const output = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    const handler = await start({ ...environment(), ...settings });
    const body = JSON.stringify({ url, events: ['*'] });
    const event = apiEvent('POST /v1/endpoints', { headers: JSON_TYPE, body }, KEY);
    const answer = await handler(event, lambdaContext('endpoints', 10_000)).finally(() => output.mockRestore());
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('`url`');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 'info', event: 'api.refused' }]);
  },
);

test('a deployed function keeps to the lists that were written into its code', async () => {
  const listed = join(folder, 'listed');
  const rules = { allowedCidrs: ['10.1.0.0/16'], refusedHosts: ['example.com'] };
  await build(bundleOptions('endpoints', listed, { egressRules: rules }));
  const handler = await start(environment(), listed);
  const output = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const answerTo = async (url: string) => {
    const body = JSON.stringify({ url, events: ['*'] });
    const event = apiEvent('POST /v1/endpoints', { headers: JSON_TYPE, body }, KEY);
    return (await handler(event, lambdaContext('endpoints', 10_000))).body;
  };
  expect(await answerTo('https://hooks.example.com/')).toContain("requests can't be sent to this one");
  expect(await answerTo('https://10.2.0.1/')).toContain('is not public');
  // It is allowed, and only then is the key needed that seals the secret.
  expect(await answerTo('https://10.1.0.1/')).not.toContain('is not public');
  output.mockRestore();
});

test('a function that lacks a setting fails while it starts', async () => {
  await expect(start({ ...environment(), POSTRIDER_CONFIG_TABLE: '' })).rejects.toThrow('POSTRIDER_CONFIG_TABLE');
});
