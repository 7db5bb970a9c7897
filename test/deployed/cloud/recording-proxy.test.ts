import { createServer } from 'node:http';
import { test as base, expect } from 'vitest';
import { listen } from '../../../lib/local/service/listener.ts';
import { formatTrace } from '../calls/trace-header.ts';
import { readRecord, startRecordingProxy } from './recording-proxy.ts';

const TRACE = formatTrace({ functionName: 'stack-worker', startedAt: Date.UTC(2026, 0, 1), received: [] });
const OF_FUNCTION = 'AWS4-HMAC-SHA256 Credential=ASIAFUNCTION/20260101/us-east-1/dynamodb/aws4_request';
const OF_ROOT = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request';

/** A proxy in front of an AWS that answers everything with the same. */
const test = base.extend('answer', '{"Count":0}').extend('proxyUrl', async ({ answer }, { onCleanup }) => {
  const aws = await listen(
    createServer((_, response) => response.end(answer)),
    '127.0.0.1',
    0,
  );
  const proxy = await startRecordingProxy(aws.port);
  onCleanup(async () => {
    await proxy.close();
    await aws.close();
  });
  return proxy.url;
});

async function ask(proxyUrl: string, operation: string, authorization: string, trace?: string): Promise<string> {
  const headers = { authorization, 'x-amz-target': operation, ...(trace && { 'x-amzn-trace-id': trace }) };
  const body = JSON.stringify({ TableName: 'table', Key: { pk: { S: 'a' }, sk: { S: 'b' } } });
  return (await fetch(proxyUrl, { method: 'POST', headers, body })).text();
}

test('a call that the checks know is noted, and nothing is left unjudged', async ({ proxyUrl, answer }) => {
  expect(await ask(proxyUrl, 'DynamoDB_20120810.GetItem', OF_FUNCTION, TRACE)).toBe(answer);
  const { calls, unjudged } = await readRecord(proxyUrl);
  expect(calls).toMatchObject([{ functionName: 'stack-worker', action: 'dynamodb:GetItem' }]);
  expect(unjudged).toEqual([]);
});

test.for([
  ['an operation', 'DynamoDB_20120810.Scan'],
  ['a service', 'AWSStepFunctions.StartExecution'],
])('%s that the checks do not know is answered, and named', async ([, operation = ''], { proxyUrl, answer }) => {
  expect(await ask(proxyUrl, operation, OF_FUNCTION, TRACE)).toBe(answer);
  const { unjudged } = await readRecord(proxyUrl);
  expect(unjudged).toEqual([expect.stringContaining(`stack-worker asked for POST / ${operation}`)]);
});

test('a request with a function’s credentials and without a trace is named, and one of others is nobody’s', async ({
  proxyUrl,
}) => {
  await ask(proxyUrl, 'DynamoDB_20120810.PutItem', OF_FUNCTION);
  await ask(proxyUrl, 'DynamoDB_20120810.DescribeTable', OF_ROOT);
  expect((await readRecord(proxyUrl)).unjudged).toEqual([]);
  await ask(proxyUrl, 'DynamoDB_20120810.GetItem', OF_FUNCTION, TRACE);
  const { unjudged } = await readRecord(proxyUrl);
  expect(unjudged).toEqual(['stack-worker asked for POST / DynamoDB_20120810.PutItem without a trace']);
});
