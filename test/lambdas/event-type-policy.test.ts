import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../lambdas/ingest.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { type EmulatedAws, startEmulatedAws } from '../e2e/emulated-aws.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { JSON_TYPE, apiEvent } from './calls.ts';

let aws: EmulatedAws;
beforeAll(async () => {
  aws = await startEmulatedAws(new MemoryLog());
}, 60_000);
afterAll(() => aws.stop());

test('ingest holds the tenants that have set nothing to the deployment’s policy for types', async () => {
  const environment = { ...aws.deployment.environment, POSTRIDER_UNKNOWN_TYPES: 'refuse', POSTRIDER_DATA_CHECK: 'off' };
  const handler = createHandler({ ...aws.deployment, environment });
  const key = { key_id: 'key_1', tenant_id: 'acme', scopes: 'events:write' };
  const post = async () => {
    const body = JSON.stringify({ type: 'task.unknown', data: {} });
    const { statusCode } = await handler(apiEvent('POST /v1/events', { headers: JSON_TYPE, body }, key), {} as never);
    return statusCode;
  };
  expect(await post()).toBe(422);
  const { subscriptions } = openStore(aws.deployment, 'config');
  await subscriptions.setEventTypePolicy('acme', { refusesUnknown: false });
  expect(await post()).toBe(202);
  await subscriptions.setEventTypePolicy('acme', {});
  expect(await post()).toBe(422);
});
