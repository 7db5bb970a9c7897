import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import {
  CONFIG_TABLE,
  type KeyAttribute,
  LOG_TABLE,
  type TableDescription,
} from '../adapters/dynamodb/layout/tables.ts';

export type TableName = 'config' | 'log';

interface TablesProps {
  removalPolicy: RemovalPolicy;
  encryptionKey: IKey | undefined;
}

/** The two tables, created from the description by which the adapters read and write. */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, TableV2>>;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.byName = {
      config: table(this, 'Config', CONFIG_TABLE, props),
      log: table(this, 'Log', LOG_TABLE, props),
    };
  }
}

function table(
  scope: Construct,
  id: string,
  description: TableDescription,
  { removalPolicy, encryptionKey }: TablesProps,
): TableV2 {
  return new TableV2(scope, id, {
    partitionKey: attribute(description.partitionKey),
    sortKey: attribute(description.sortKey),
    billing: Billing.onDemand(),
    // DynamoDB's own key unless asked: with a key of this account, every function needs permission to decrypt with it.
    encryption: encryptionKey
      ? TableEncryptionV2.customerManagedKey(encryptionKey)
      : TableEncryptionV2.dynamoOwnedKey(),
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
