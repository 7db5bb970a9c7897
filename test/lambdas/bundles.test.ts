import { expect, test } from 'vitest';
import type { LambdaEntry } from '../../lib/infra/written-in.ts';
import { contentsOf, loadedAtStart } from './bundle-contents.ts';

const SDK = { dynamodb: 'client-dynamodb', sqs: 'client-sqs', kms: 'client-kms' };
/** Of services that few calls need, and most deployments do not. */
const LATER = ['client-sesv2', 'client-sns'];
const SENDER = 'lib/adapters/http/';
const HISTORY = 'lib/pipeline/history/history.ts';
const DISPATCH = 'lib/pipeline/dispatch/dispatch.ts';
const INGEST = 'lib/pipeline/ingest/ingest.ts';
const ZOD = 'node_modules/zod/';
const SQLITE = 'lib/adapters/sqlite/';

/** What a function needs before its first call; everything else of the list must wait. */
const NEEDS: Record<LambdaEntry, string[]> = {
  endpoints: [SDK.dynamodb, SDK.sqs, SDK.kms, HISTORY, ZOD],
  poll: [SDK.dynamodb, SDK.kms, ZOD],
  ingest: [SDK.dynamodb, SDK.sqs, INGEST, ZOD],
  history: [SDK.dynamodb, SDK.sqs, HISTORY, ZOD],
  account: [SDK.dynamodb, SDK.kms, ZOD],
  authorizer: [SDK.dynamodb],
  dispatch: [SDK.dynamodb, SDK.sqs, SDK.kms, SENDER, DISPATCH],
  jobs: [SDK.dynamodb, SDK.sqs, SDK.kms, SENDER, DISPATCH],
  sweep: [SDK.dynamodb, SDK.sqs],
  source: [SDK.dynamodb, SDK.sqs, INGEST, ZOD],
};
const WATCHED = [...Object.values(SDK), ...LATER, SENDER, HISTORY, DISPATCH, INGEST, ZOD, SQLITE];

const foundIn = (parts: readonly string[], contents: readonly string[]) =>
  parts.filter((part) => contents.some((path) => path.includes(part)));

test.each(Object.entries(NEEDS))('%s loads what it uses and nothing else', async (entry, needed) => {
  const found = foundIn(WATCHED, await loadedAtStart(entry as LambdaEntry));
  expect(found.toSorted()).toEqual(needed.toSorted());
});

test.each(Object.entries<string[]>({ jobs: LATER, account: ['client-sesv2'] }))(
  '%s has the clients for alerts beside what it loads at its start; no other function has them',
  async (entry, clients) => {
    expect(foundIn(LATER, await contentsOf(entry as LambdaEntry))).toEqual(clients);
  },
);

test.each(Object.keys(NEEDS))('%s takes credentials from its environment alone', async (entry) => {
  const packages = (await contentsOf(entry as LambdaEntry)).filter((path) => path.includes('credential-provider-'));
  const names = packages.map((path) => /credential-provider-[a-z]+/.exec(path)?.[0]);
  expect([...new Set(names)]).toEqual(['credential-provider-env']);
});

test('ingest loads the routes and schemas of no other function', async () => {
  const schemas = (await contentsOf('ingest')).filter((path) => /\/(?:[a-z]+-)?(?:schemas|routes)\.ts$/.test(path));
  expect(schemas.filter((path) => !path.startsWith('lib/api/resources/events/'))).toEqual([]);
});

test('of zod’s translations only the English one is loaded', async () => {
  const locales = (await contentsOf('endpoints')).filter((path) => path.includes('zod/v4/locales/'));
  expect(locales.map((path) => path.split('/').at(-1))).toEqual(['en.js']);
});
