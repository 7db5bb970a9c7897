import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSecret, signedMessage } from '@postrider/sdk/receive/testing';
import { Recipe } from './recipe.ts';

// docs/recipes/lambda.md: its function over an emulated table, and its stack as a template.

const SECRET = newSecret();
const table = dynalite({ createTableMs: 0 });
let recipe: Recipe;
let env: Record<string, string>;
beforeAll(async () => {
  const packages = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'aws-cdk-lib', 'constructs'];
  recipe = new Recipe('lambda', packages);
  recipe.writePrograms();
  await once(table.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
  const account = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  env = { ...account, AWS_ENDPOINT_URL: endpoint, POSTRIDER_SECRET: SECRET, SEEN_TABLE: 'seen' };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: 'seen',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  client.destroy();
}, 60_000);
afterAll(async () => {
  await recipe.remove();
  await new Promise((resolve) => table.close(resolve));
});

/** Runs a program beside those of the page. @returns its last line, as JSON */
async function answered(text: string): Promise<unknown> {
  writeFileSync(join(recipe.folder, 'program.js'), text);
  const program = recipe.start(['program.js'], env);
  expect(await program.ended, program.output).toBe(0);
  return JSON.parse(program.output.trim().split('\n').at(-1) ?? '');
}

async function eventOf(id: string, secret = SECRET) {
  const { headers, body } = await signedMessage({ id, type: 'task.completed', data: {} }, { secret });
  return { headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}

test('a webhook is handled once, and a forged one not at all', { timeout: 60_000 }, async () => {
  const events = [await eventOf('evt_1'), await eventOf('evt_1'), await eventOf('evt_2', newSecret())];
  const statuses = await answered(`
    import { handler } from './handler.js';
    const statuses = [];
    for (const event of ${JSON.stringify(events)}) statuses.push((await handler(event)).statusCode);
    console.log(JSON.stringify(statuses));`);
  expect(statuses).toEqual([204, 204, 401]);
});

test('the table tells the one that handles an id from the others', { timeout: 60_000 }, async () => {
  const told = await answered(`
    import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { seenInTable } from './seen-ids.js';
    const client = DynamoDBDocumentClient.from(new DynamoDBClient());
    const seen = seenInTable('seen', client);
    const first = (await Promise.all(Array.from({ length: 20 }, () => seen.begin('x')))).toSorted();
    await seen.failed('x');
    const again = await seen.begin('x');
    await seen.done('x');
    const after = await seen.begin('x');
    const expires = Math.floor(Date.now() / 1000) - 1;
    await client.send(new PutCommand({ TableName: 'seen', Item: { id: 'dead', state: 'running', expires } }));
    console.log(JSON.stringify([first, again, after, await seen.begin('dead')]));`);
  expect(told).toEqual([['new', ...Array(19).fill('running')], 'new', 'done', 'new']);
});

test('the stack is one that deploys', { timeout: 60_000 }, async () => {
  mkdirSync(join(recipe.folder, 'code'));
  const template = await answered(`
    import { App } from 'aws-cdk-lib';
    import { Template } from 'aws-cdk-lib/assertions';
    import { Receiver } from './stack.js';
    const stack = new Receiver(new App(), 'Webhooks', { code: 'code', secret: 'whsec_x' });
    console.log(JSON.stringify(Template.fromStack(stack).toJSON()));`);
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties: object }> };
  const of = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  expect(of('AWS::Lambda::Url')).toMatchObject([{ Properties: { AuthType: 'NONE' } }]);
  expect(of('AWS::Lambda::Function')).toMatchObject([{ Properties: { Handler: 'handler.handler', Timeout: 9 } }]);
  expect(of('AWS::DynamoDB::GlobalTable')).toMatchObject([
    { Properties: { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } } },
  ]);
});
