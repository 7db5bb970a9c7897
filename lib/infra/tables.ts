import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import {
  CONFIG_TABLE,
  type KeyAttribute,
  LOG_TABLE,
  type TableDescription,
} from '../adapters/dynamodb/layout/tables.ts';

export type TableName = 'config' | 'log';

/** The two tables, created from the description by which the adapters read and write. */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, TableV2>>;

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.byName = {
      config: table(this, 'Config', CONFIG_TABLE, removalPolicy),
      log: table(this, 'Log', LOG_TABLE, removalPolicy),
    };
  }
}

function table(scope: Construct, id: string, description: TableDescription, removalPolicy: RemovalPolicy): TableV2 {
  return new TableV2(scope, id, {
    partitionKey: attribute(description.partitionKey),
    sortKey: attribute(description.sortKey),
    billing: Billing.onDemand(),
    // DynamoDB's own key: with a key of this account, every function would need permission to decrypt with it.
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    removalPolicy,
    globalSecondaryIndexes: description.indexes.map((index) => ({
      indexName: index.name,
      partitionKey: attribute(index.partitionKey),
      sortKey: attribute(index.sortKey),
      projectionType: ProjectionType[index.projection],
    })),
    ...(description.ttlAttribute !== undefined && { timeToLiveAttribute: description.ttlAttribute }),
  });
}

function attribute({ name, type }: KeyAttribute): Attribute {
  return { name, type: type === 'S' ? AttributeType.STRING : AttributeType.NUMBER };
}
