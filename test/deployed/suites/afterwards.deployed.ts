import { beforeAll, describe, expect, test } from 'vitest';
import { asSource, byLogicalIds, logicalIds } from '../calls/logical-calls.ts';
import type { CallRecord, NotedCall } from '../calls/call-ledger.ts';
import { callsWithoutRight, rightsWithoutCall } from '../calls/compare-rights.ts';
import { loopsNotAllowed } from '../calls/loops.ts';
import { rightsOfLambda } from '../calls/rights-of-lambda.ts';
import { type PhysicalIds, type Right, type Template, rightsOf } from '../calls/template-rights.ts';
import { type Deployment, currentDeployments } from '../cloud/deployment.ts';
import { readRecord } from '../cloud/recording-proxy.ts';
import { isShort, onlyStack } from '../extent.ts';
import { aws, destroy, readPhysicalIds, readTemplate } from '../cloud/stack.ts';

const all = currentDeployments();

describe.each(all)('what the functions of $stack.name asked of AWS in all suites', (deployment) => {
  const { stack, proxyUrl } = deployment;
  let [template, physicalIds, rights] = [{} as Template, {} as PhysicalIds, [] as Right[]];
  let record: CallRecord;

  beforeAll(async () => {
    [template, physicalIds] = await Promise.all([readTemplate(stack), readPhysicalIds(stack)]);
    rights = rightsOf(template, physicalIds);
    record = await readRecord(proxyUrl);
    const own = new Set(Object.values(physicalIds));
    record.calls = record.calls.filter(({ functionName }) => own.has(functionName));
    record.longestChains = Object.fromEntries(Object.entries(record.longestChains).filter(([name]) => own.has(name)));
  });

  test('was never refused by IAM, the key’s policy or a queue’s', () => {
    expect(record.refused).toEqual([]);
  });

  test('is known to these checks, and each request to its invocation', () => {
    expect(record.unjudged).toEqual([]);
  });

  test('no function calls what its role has no right to', () => {
    expect(record.calls.length).toBeGreaterThan(0);
    expect(callsWithoutRight(record.calls, rights)).toEqual([]);
  });

  test('no function goes round a loop that Lambda would stop', () => {
    expect(loopsNotAllowed(record.longestChains, template, physicalIds)).toEqual([]);
  });

  test('no call is over a quota', () => {
    expect(record.breaches).toEqual([]);
  });
});

// The suites are shared out among stacks of one template: what is called in any of them counts.
describe.skipIf(isShort() || onlyStack() !== undefined)('what the functions of all stacks asked of AWS', () => {
  test('uses every right', async () => {
    const called: NotedCall[] = [];
    for (const { stack, proxyUrl } of all) {
      const { calls } = await readRecord(proxyUrl);
      called.push(...byLogicalIds(calls, await readPhysicalIds(stack)));
    }
    const template = await readTemplate((all[0] as Deployment).stack);
    const ids = logicalIds(template);
    const used = [...called, ...asSource(called, template)];
    expect(rightsWithoutCall(used, rightsOf(template, ids), rightsOfLambda(template, ids))).toEqual([]);
  });
});

describe('cdk destroy', () => {
  const { stack, outputs, proxyUrl } = all[0] as Deployment;
  let functions: string[];

  beforeAll(async () => {
    const { Resources } = await readTemplate(stack);
    const ids = await readPhysicalIds(stack);
    functions = Object.keys(Resources)
      .filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function')
      .map((id) => ids[id] ?? id);
    await destroy(stack);
  });

  test('removes the functions and the API', async () => {
    const { Functions } = (await aws(stack, 'lambda', 'list-functions')) as { Functions: { FunctionName: string }[] };
    const names = new Set(Functions.map(({ FunctionName }) => FunctionName));
    expect(functions.filter((name) => names.has(name))).toEqual([]);
    const { Items } = (await aws(stack, 'apigatewayv2', 'get-apis')) as { Items: { ApiEndpoint: string }[] };
    expect(Items.map(({ ApiEndpoint }) => ApiEndpoint)).not.toContain(outputs.ApiUrl);
  });

  test('leaves the tables with their items, the queues and the key', async () => {
    const named = (end: string) => Object.keys(outputs).filter((name) => name.endsWith(end));
    const ask = (...args: string[]) => aws(stack, ...args);
    const countOf = (name: string) => ask('dynamodb', 'scan', '--table-name', outputs[name] ?? '', '--limit', '1');
    const attributesOf = (name: string) =>
      ask('sqs', 'get-queue-attributes', '--queue-url', outputs[name] ?? '', '--endpoint-url', proxyUrl);
    const [tables, queues] = [named('TableName'), named('QueueUrl')];
    // Six of deliveries and one of what sources sent.
    expect([tables.length, queues.length]).toEqual([2, 7]);
    const [key, counts] = await Promise.all([
      ask('kms', 'describe-key', '--key-id', outputs.SecretsKeyArn ?? ''),
      Promise.all(tables.map(countOf)),
      ...queues.map(attributesOf),
    ]);
    expect(counts).toMatchObject(tables.map(() => ({ Count: 1 })));
    expect(key).toMatchObject({ KeyMetadata: { KeyState: 'Enabled' } });
  });
});
