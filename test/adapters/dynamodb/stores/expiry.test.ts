import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { DynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { DAY } from '../../../../lib/domain/durations.ts';
import { NO_USAGE } from '../../../../lib/domain/usage.ts';
import { type MockedStore, openMockedStore } from '../fixture.ts';

/** The expiry in each item that was put or changed. */
function expiriesIn(calls: MockedStore['calls']): unknown[] {
  const put = calls.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.expires_at as unknown);
  const changed = calls.commandCalls(UpdateCommand).map(({ args }) => {
    const { UpdateExpression = '', ExpressionAttributeValues: values } = args[0].input;
    return values?.[/#expires_at = (:\w+)/.exec(UpdateExpression)?.[1] ?? ''] as unknown;
  });
  return [...put, ...changed];
}

const ofPerson = { user: 'ada', access: 'read', screens: [], scopes: [] } as const;
const session = { ...ofPerson, id: 'ses_1', tenantId: 't', codeHash: 'h', createdBy: 'key_1', createdAt: 1 };
const line = { id: 'aud_01KDVDNE00000000000000000', tenantId: 't', action: 'a', keyId: 'key_1', requestId: 'r' };
const key = { id: 'key_1', tenantId: 't', hash: 'h', scopes: [], createdAt: 1 };
const claim = { tenantId: 't', key: 'k', resourceId: 'evt_1', bodyHash: 'h' };

// Seconds since the Unix epoch: milliseconds would be a date in some 50,000 years (DynamoDB: Using time to live).
test.each<[string, number, (store: DynamoStore, now: number) => Promise<unknown>]>([
  ['the count of a quota, a day after it', DAY, ({ quotas }) => quotas.add('t', 7, 1)],
  ['a line of the audit log, after 400 days', 400 * DAY, ({ audit }, at) => audit.write({ ...line, at })],
  ['a session, a day after its end', DAY, ({ sessions }, endsAt) => sessions.create({ ...session, endsAt })],
  ['a key, 400 days after its end', 400 * DAY, ({ apiKeys }, expiresAt) => apiKeys.put({ ...key, expiresAt })],
  ['a claim, at its end', 0, ({ idempotency }, expiresAt) => idempotency.claimUnlessTaken({ ...claim, expiresAt }, 0)],
])('DynamoDB deletes %s: at the next whole second, never before', async (_what, ms, write) => {
  const { store, calls, clock } = openMockedStore();
  calls.on(UpdateCommand).resolves({ Attributes: {} });
  await clock.sleep(1);
  await write(store, clock.now());
  const expiries = expiriesIn(calls);
  expect(expiries.length).toBeGreaterThan(0);
  expect(new Set(expiries)).toEqual(new Set([(clock.now() - 1 + ms) / 1000 + 1]));
});

test('DynamoDB deletes the usage of a day 400 days after its beginning', async () => {
  const { store, calls } = openMockedStore();
  calls.on(UpdateCommand).resolves({});
  await store.usage.add('t', '2026-01-01', { ...NO_USAGE, events: 1 });
  expect(expiriesIn(calls)).toEqual([(Date.UTC(2026, 0, 1) + 400 * DAY) / 1000]);
});

// Its job may be at work for as long as its endpoint polls, or as a probe fails.
test('DynamoDB never deletes a job that is unfinished, however old it is', async () => {
  const { store, calls, clock, make } = openMockedStore();
  const job = make.job({ createdAt: clock.now() - 100 * DAY, checkAt: clock.now() });
  await store.jobs.createUnlessExists(job);
  await store.jobs.replaceIfStep({ ...job, step: 1 }, 0);
  expect(expiriesIn(calls)).toEqual([undefined, undefined]);
});
