import type { RemovalPolicy } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName } from '../ports/queues.ts';
import { Queues } from './queues.ts';
import { type TableName, Tables } from './tables.ts';

interface StatefulProps {
  removalPolicy: RemovalPolicy;
  /** Of the tables. Undefined: DynamoDB's own. */
  encryptionKey: IKey | undefined;
}

/**
 * Everything that must outlive a deployment: tables, queues and the key. A test pins the logical ids below this construct,
 * because a new id means a new, empty table.
 */
export class Stateful extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  /** Wraps the data keys of endpoint secrets, and nothing else. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy, encryptionKey }: StatefulProps) {
    super(scope, id);
    this.tables = new Tables(this, 'Tables', { removalPolicy, encryptionKey }).byName;
    this.queues = new Queues(this, 'Queues', { removalPolicy }).byName;
    this.key = new Key(this, 'Key', {
      description: 'Postrider: wraps the data keys of endpoint secrets',
      enableKeyRotation: true,
      // It costs the same, and cannot be changed later: another region can get a replica that opens the same secrets.
      multiRegion: true,
      removalPolicy,
    });
  }
}
