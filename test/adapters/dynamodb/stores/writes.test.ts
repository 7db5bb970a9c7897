import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { apiKeyEntryKey, endpointKey } from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import type { DynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import { afterFailedAttempt, planted } from '../../../support/records.ts';
import { TABLES, openMockedStore, refusedCondition } from '../fixture.ts';

describe('conditions', () => {
  test('a first record is put where there is none or an expired one', async () => {
    const { store, calls, clock, make } = openMockedStore();
    await store.deliveries.writeUnlessSuperseded(planted(make.delivery()));
    const [put] = calls.commandCalls(PutCommand);
    expect(put?.args[0].input).toMatchObject({
      TableName: TABLES.log,
      ConditionExpression: 'attribute_not_exists(#pk) OR #expires_at <= :now_seconds',
      ExpressionAttributeNames: { '#pk': 'pk', '#expires_at': 'expires_at' },
      ExpressionAttributeValues: { ':now_seconds': clock.now() / 1000 },
    });
  });

  test('a later one only over the revision that was read', async () => {
    const { store, calls, clock, make } = openMockedStore();
    await store.deliveries.writeUnlessSuperseded(planted(make.delivery({ revision: 3 })));
    expect(calls.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression:
        '#revision = :revision AND (attribute_not_exists(#expires_at) OR #expires_at > :now_seconds)',
      Item: { revision: 4 },
      ExpressionAttributeValues: { ':revision': 3, ':now_seconds': clock.now() / 1000 },
    });
  });

  test('the body of an answer is kept first, and without the record it belongs to it is shown to nobody', async () => {
    const { store, calls, clock, make } = openMockedStore();
    const record = afterFailedAttempt(make.delivery(), clock.now());
    const body = { attempt: 1, bytes: Buffer.from('no') };
    calls.on(PutCommand).resolvesOnce({}).rejects(refusedCondition(1));
    expect(await store.deliveries.writeUnlessSuperseded(planted(record), body)).toBeUndefined();
    const [kept, put] = calls.commandCalls(PutCommand).map((call) => call.args[0].input);
    expect(kept).toMatchObject({ Item: { sk: `ATTEMPT#000001#${clock.now()}`, bytes: body.bytes } });
    const winner = { ...put?.Item, attempts: [{ n: 1, at: clock.now() - 7, ms: 5 }] };
    calls.on(GetCommand).resolves({ Item: winner });
    calls.on(QueryCommand).resolves({ Items: [kept?.Item ?? {}] });
    expect(await store.deliveries.responseBodies(record)).toEqual([]);
    calls.on(GetCommand).resolves({ Item: put?.Item ?? {} });
    expect(await store.deliveries.responseBodies(record)).toEqual([body]);
  });

  test('large data is put before its event, and neither over one that is there', async () => {
    const { store, calls, make } = openMockedStore();
    await store.events.putUnlessExists(make.event({ data: 'x'.repeat(9000) }));
    const puts = calls.commandCalls(PutCommand).map((call) => call.args[0].input);
    expect(puts.map(({ Item }) => Item?.sk === 'BODY')).toEqual([true, false]);
    for (const put of puts) expect(put.ConditionExpression).toBe('attribute_not_exists(#pk)');
  });

  test('large data that is put again after the deletion of its payload does not stay', async () => {
    const { store, calls, clock, make } = openMockedStore();
    calls.on(PutCommand).resolvesOnce({}).rejectsOnce(refusedCondition(1)).resolves({});
    calls.on(GetCommand).callsFake(() => {
      const [, ofEvent] = calls.commandCalls(PutCommand).map((call) => call.args[0].input.Item);
      return { Item: { ...ofEvent, payload_deleted: { at: clock.now(), jobId: 'job_1' } } };
    });
    expect(await store.events.putUnlessExists(make.event({ data: 'x'.repeat(9000) }))).toBe(false);
    const [body, , emptied] = calls.commandCalls(PutCommand).map((call) => call.args[0].input.Item);
    expect(emptied).toEqual({ pk: body?.pk, sk: 'BODY', expires_at: expect.any(Number) });
  });

  test('the watermark only rises', async () => {
    const { store, calls } = openMockedStore();
    calls.on(UpdateCommand).rejects(refusedCondition(1));
    await store.due.raiseWatermark(7);
    expect(calls.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: 'attribute_not_exists(#pk) OR #minute < :minute',
    });
  });
});

describe('a claim', () => {
  const claim = { tenantId: 't', key: 'k', resourceId: 'e', bodyHash: 'h', expiresAt: 2 };

  test('that went away between the refusal and the look is claimed again', async () => {
    const { store, calls } = openMockedStore();
    calls.on(PutCommand).rejectsOnce(refusedCondition(1)).resolves({});
    calls.on(GetCommand).resolves({});
    expect(await store.idempotency.claimUnlessTaken(claim, 0)).toBeUndefined();
    expect(calls.commandCalls(GetCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
    expect(calls.commandCalls(PutCommand)).toHaveLength(2);
  });
});

describe('an endpoint and its health, in one item', () => {
  const note = { tenantId: 't', endpointId: 'ep_1', generation: 1, at: 1 };

  test('a change writes the endpoint, and whether it is paused, over the generation that was read', async () => {
    const { store, calls, make } = openMockedStore();
    const endpoint = make.endpoint({ generation: 8 });
    await store.endpoints.replaceIfGeneration(endpoint, 7);
    expect(calls.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      TableName: TABLES.config,
      Key: endpointKey(endpoint.tenantId, endpoint.id),
      UpdateExpression: 'SET #endpoint = :value REMOVE #trouble_pk, #trouble_sk, #is_paused',
      ConditionExpression: '#endpoint.#generation = :generation AND attribute_not_exists(#endpoint.#secretsRevision)',
      ExpressionAttributeValues: { ':value': endpoint, ':generation': 7 },
    });
    const paused = make.endpoint({ generation: 9, status: 'paused' });
    await store.endpoints.replaceIfGeneration(paused, 8);
    expect(calls.commandCalls(UpdateCommand)[1]?.args[0].input.UpdateExpression).toBe(
      'SET #endpoint = :value, #trouble_pk = :trouble_pk, #trouble_sk = :trouble_sk, #is_paused = :is_paused',
    );
  });

  test('a note of health goes to the same item, and neither writes nor compares the endpoint', async () => {
    const { store, calls } = openMockedStore();
    calls.on(UpdateCommand).resolves({ Attributes: { health_generation: 1, consecutive_failures: 1 } });
    await store.health.countFailure(note);
    await store.health.clearFailures(note);
    const notes = calls.commandCalls(UpdateCommand).map((call) => call.args[0].input);
    expect(notes).toHaveLength(2);
    for (const { Key, ExpressionAttributeNames } of notes) {
      expect(Key).toEqual(endpointKey('t', 'ep_1'));
      expect(Object.values(ExpressionAttributeNames ?? {})).toContain('health_generation');
      expect(Object.values(ExpressionAttributeNames ?? {})).not.toContain('endpoint');
    }
  });

  test('health that changes under every try is a fault of the service', async () => {
    const { store, calls } = openMockedStore();
    calls.on(UpdateCommand).rejects(refusedCondition(1));
    calls.on(GetCommand).resolves({ Item: { pk: 'p', sk: 's', health_generation: 1 } });
    await expect(store.health.countFailure(note)).rejects.toThrow(ServiceFault);
  });
});

describe('a change whose answer was lost, and which the SDK repeated,', () => {
  /** The condition of the repetition fails, and what is stored is this. */
  function repeated(stored: Record<string, unknown>, attempts = 2) {
    const opened = openMockedStore();
    opened.calls.on(UpdateCommand).rejectsOnce(refusedCondition(attempts)).resolves({ Attributes: {} });
    opened.calls.on(GetCommand).resolves({ Item: { pk: 'p', sk: 's', ...stored } });
    return opened;
  }
  const opening = { tokenHash: 'mine', at: 5, endsAt: 9 };

  test('opens a session for the call that made it, and for no other: a link opens once', async () => {
    const open = (tokenHash: string, attempts?: number) =>
      repeated({ id: 'ses_1', openedAt: 5, tokenHash }, attempts).store.sessions.openOnce('t', 'ses_1', opening);
    expect(await open('mine')).toMatchObject({ id: 'ses_1', openedAt: 5, tokenHash: 'mine' });
    expect(await open('another’s')).toBeUndefined();
    expect(await open('another’s', 1)).toBeUndefined();
  });

  test.each([
    ['revokes', 2, (store: DynamoStore) => store.apiKeys.revoke('t', 'key_1', 5)],
    ['ends', 2, (store: DynamoStore) => store.apiKeys.endBy('t', 'key_1', 5)],
    ['or by a call that crashed before, revokes', 1, (store: DynamoStore) => store.apiKeys.revoke('t', 'key_1', 9)],
    ['or by a call that crashed before, ends', 1, (store: DynamoStore) => store.apiKeys.endBy('t', 'key_1', 9)],
  ])('%s a key and its entry in the list, which counts it no longer', async (_, attempts, end) => {
    const { store, calls } = repeated({ id: 'key_1', hash: 'h', revokedAt: 5, expires_at: 77 }, attempts);
    expect(await end(store)).toMatchObject({ id: 'key_1', revokedAt: 5 });
    const [, ofEntry] = calls.commandCalls(UpdateCommand).map((call) => call.args[0].input);
    expect(ofEntry).toMatchObject({ Key: apiKeyEntryKey('t', 'key_1'), UpdateExpression: 'SET #expires_at = :ttl' });
    expect(ofEntry?.ExpressionAttributeValues).toEqual({ ':ttl': 77 });
  });
});
