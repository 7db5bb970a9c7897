import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { CONFIG_TABLE, LOG_TABLE, type TableDescription } from '../../lib/adapters/dynamodb/layout/tables.ts';
import { STATEFUL_IDS, ofType, pointedAt, synthesize } from './synthesized.ts';

const { resources } = synthesize();
const STATEFUL_TYPES = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::KMS::Key'];
const stateful = STATEFUL_TYPES.flatMap((type) => ofType(resources, type));
const byName = Object.fromEntries(stateful.map(([id, resource]) => [STATEFUL_IDS[id], resource.Properties]));

describe('what must outlive a deployment', () => {
  test('has the logical ids that it always had, and there is nothing else that keeps state', () => {
    expect(stateful.map(([id]) => id).toSorted()).toEqual(Object.keys(STATEFUL_IDS).toSorted());
  });

  test('stays when the stack is deleted or a change would replace it, and goes with a first deployment that fails', () => {
    for (const [id, resource] of stateful) {
      expect(resource, id).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('goes with the stack only for who asks for it', () => {
    const { resources: throwaway } = synthesize({ removalPolicy: RemovalPolicy.DESTROY });
    const tables = ofType(throwaway, 'AWS::DynamoDB::GlobalTable');
    expect(tables.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Delete', 'Delete']);
    expect(tables.map(([, { Properties }]) => Properties.Replicas[0].DeletionProtectionEnabled)).toEqual([
      false,
      false,
    ]);
  });
});

/** A table's keys, indexes and expiry as the template has them, in the words of the adapters' description. */
function describedBy(table: (typeof byName)[string]): TableDescription {
  const types = Object.fromEntries(
    table.AttributeDefinitions.map((each: { AttributeName: string; AttributeType: string }) => [
      each.AttributeName,
      each.AttributeType,
    ]),
  );
  const keys = (schema: { AttributeName: string; KeyType: string }[]) => {
    const [hash, range] = ['HASH', 'RANGE'].map(
      (kind) => schema.find(({ KeyType }) => KeyType === kind)?.AttributeName,
    );
    return {
      partitionKey: { name: hash as string, type: types[hash as string] },
      sortKey: { name: range as string, type: types[range as string] },
    };
  };
  return {
    ...keys(table.KeySchema),
    indexes: (table.GlobalSecondaryIndexes ?? []).map((index: (typeof byName)[string]) => ({
      name: index.IndexName,
      ...keys(index.KeySchema),
      projection: index.Projection.ProjectionType,
    })),
    ...(table.TimeToLiveSpecification && { ttlAttribute: table.TimeToLiveSpecification.AttributeName }),
  };
}

describe('the tables', () => {
  test('have the keys, indexes and expiry that the adapters read and write by', () => {
    expect(describedBy(byName['table config'])).toEqual(CONFIG_TABLE);
    expect(describedBy(byName['table log'])).toEqual(LOG_TABLE);
    expect(byName['table log'].TimeToLiveSpecification.Enabled).toBe(true);
  });

  test.each(['table config', 'table log'])('%s is on demand, restorable and protected from deletion', (name) => {
    const table = byName[name];
    expect(table.BillingMode).toBe('PAY_PER_REQUEST');
    expect(table.Replicas).toHaveLength(1);
    expect(table.Replicas[0]).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });
});

describe('the queues', () => {
  const queues = ['deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison'];

  test.each(queues)('%s is a standard queue, encrypted, that hides messages 120 s', (name) => {
    const queue = byName[`queue ${name}`];
    expect(queue.FifoQueue).toBeUndefined();
    expect(queue).toMatchObject({
      VisibilityTimeout: 120,
      SqsManagedSseEnabled: true,
    });
  });

  test.each(queues)('%s is reached over TLS only', (name) => {
    const policies = ofType(resources, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);
    const policy = policies.find(({ Queues }) => pointedAt(Queues[0]) === `queue ${name}`);
    expect(policy?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('keep messages for 10 days, and 14 where SQS moves them: it counts from the first queue on', () => {
    const days = queues.map((name) => [name, byName[`queue ${name}`].MessageRetentionPeriod / (24 * 3600)]);
    expect(Object.fromEntries(days)).toEqual({
      deliveries: 10,
      retries: 10,
      slow: 10,
      jobs: 10,
      exhausted: 14,
      poison: 14,
    });
  });

  test('pass on what was received too often: retries to exhausted, which makes that a dead-letter queue', () => {
    const redrives = queues.map((name) => {
      const policy = byName[`queue ${name}`].RedrivePolicy;
      return [name, policy && [pointedAt(policy.deadLetterTargetArn), policy.maxReceiveCount]];
    });
    expect(Object.fromEntries(redrives)).toEqual({
      deliveries: ['queue poison', 900],
      retries: ['queue exhausted', 900],
      slow: ['queue poison', 900],
      jobs: ['queue poison', 100],
      exhausted: undefined,
      poison: undefined,
    });
  });
});

test('the key is rotated, and can be replicated into another region: that cannot be changed later', () => {
  expect(byName.key).toMatchObject({ EnableKeyRotation: true, MultiRegion: true });
});
