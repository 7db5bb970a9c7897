import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../lambdas/authorizer.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { contextOf, keyOf } from '../../lambdas/runtime/key-context.ts';
import { openSecretBox } from '../../lambdas/runtime/kms-secrets.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/access/client.ts';
import { SCHEMA_KEY } from '../../lib/adapters/dynamodb/layout/keys.ts';
import { SCHEMA } from '../../lib/adapters/dynamodb/layout/stored-schema.ts';
import { makeApiKey } from '../../lib/api/auth/make-api-key.ts';
import { SCOPES, TENANT_SCOPES } from '../../lib/api/auth/scopes.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { type Emulator, type TestTables, createTables, startDynamo } from '../support/aws-emulators.ts';
import { type TestDeployment, testDeployment } from './calls.ts';

const context = lambdaContext('authorizer', 10_000);
let dynamo: Emulator;
let tables: TestTables;
let deployment: TestDeployment;
beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await createTables(dynamo.connection);
  deployment = testDeployment({
    // Its stack gives it this table and no other.
    environment: { POSTRIDER_CONFIG_TABLE: tables.names.config },
    clients: { dynamodb: tables.client },
  });
});
afterAll(async () => {
  await tables.remove();
  await dynamo.stop();
});

function question(authorization: string): APIGatewayRequestAuthorizerEventV2 {
  return { identitySource: [authorization], routeKey: 'GET /v1/events' } as APIGatewayRequestAuthorizerEventV2;
}

async function newKey(input: { tenantId?: string }) {
  const environment = { ...deployment.environment, POSTRIDER_LOG_TTL_DAYS: '30' };
  const { apiKeys, tenants } = openStore({ ...deployment, environment }, 'config');
  return makeApiKey({ ...deployment, apiKeys, tenants }, input);
}

test('a key is handed on with its tenant and its scopes', async () => {
  const [platform, acme] = [await newKey({}), await newKey({ tenantId: 'acme' })];
  const ask = async (secret: string) => {
    const answer = await createHandler(deployment)(question(`Bearer ${secret}`), context);
    expect(answer.isAuthorized).toBe(true);
    return keyOf(answer.context);
  };
  expect(await ask(platform.secret)).toEqual({ id: platform.key.id, scopes: SCOPES });
  expect(await ask(acme.secret)).toEqual({ id: acme.key.id, tenantId: 'acme', scopes: TENANT_SCOPES });
});

// The gateway's own context is of plain strings, and access logs show it.
test.each(['Zürich 東京', 'a%20b', '100%', 'a b'])('a tenant and a user %j are handed on as they are', (text) => {
  const key = { id: 'key_1', tenantId: text, user: text, scopes: ['events:read' as const] };
  const told = contextOf(key);
  for (const value of Object.values(told)) expect(value).toMatch(/^[\x20-\x7e]+$/);
  expect(keyOf(told)).toEqual(key);
});

test('a key comes alone in the header of a façade, and after Bearer everywhere else', async () => {
  const { secret, key } = await newKey({ tenantId: 'acme' });
  const ask = async (identity: string, routeKey: string) => {
    const asked = { ...question(identity), routeKey } as APIGatewayRequestAuthorizerEventV2;
    return keyOf((await createHandler(deployment)(asked, context)).context)?.id;
  };
  const [facade, own] = ['GET /v1/public/providers/webhooks/deliveries', 'GET /v1/events'];
  expect(await ask(secret, facade)).toBe(key.id);
  expect(await ask(`Bearer ${secret}`, facade)).toBeUndefined();
  expect(await ask(`Bearer ${secret}`, own)).toBe(key.id);
  expect(await ask(secret, own)).toBeUndefined();
});

test.each(['Bearer prk_unknown', 'Basic cHJr', 'Bearer', 'prk_unknown'])('%j is nobody’s', async (authorization) => {
  const answer = await createHandler(deployment)(question(authorization), context);
  expect(answer.context).toEqual({});
  expect(keyOf(answer.context)).toBeUndefined();
});

describe('tables of another schema', () => {
  const write = (schema: number) =>
    tables.client.send(
      new PutCommand({ TableName: tables.names.config, Item: { ...SCHEMA_KEY, schema, due_shards: 4 } }),
    );
  beforeAll(() => write(SCHEMA + 1));
  afterAll(() => write(SCHEMA));
  const mismatch = { name: 'SchemaMismatch', message: expect.stringContaining(`schema ${SCHEMA + 1}`) };

  test('stop the authorizer', async () => {
    const own = testDeployment(deployment);
    const answer = createHandler(own)(question('Bearer prk_any'), context);
    await expect(answer).rejects.toMatchObject(mismatch);
  });

  test('stop the reader of the data keys: none is made there', async () => {
    const environment = { ...deployment.environment, POSTRIDER_KMS_KEY_ID: 'alias/a' };
    const secrets = openSecretBox({ ...deployment, environment });
    await expect(secrets.seal('secret', 'context')).rejects.toMatchObject(mismatch);
  });
});

test('no answer is given, and so none remembered, while the table can’t be read', async () => {
  const client = createDocumentClient({ region: 'us-east-1' });
  mockClient(client).on(GetCommand).rejects(new Error('throttled'));
  const handler = createHandler({ ...deployment, clients: { dynamodb: client } });
  await expect(handler(question('Bearer prk_any'), context)).rejects.toThrow(ServiceFault);
  expect(deployment.log.named('authorizer.failed')).toHaveLength(1);
});
