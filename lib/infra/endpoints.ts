import { Duration } from 'aws-cdk-lib';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { STATUS_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Endpoints with their state, and manual retries and replays, which write records and jobs. */
export class Endpoints extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'endpoints',
      description: 'Postrider: the API of endpoints',
      timeout: Duration.seconds(15),
      memorySize: 512,
    });
    this.mayCall('config', 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    // The numbers of many things are read at once.
    this.mayCallOn('config', [PARTITIONS.number], 'BatchGetItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
    this.mayQueryIndex('log', STATUS_INDEX);
    this.maySend('deliveries', 'jobs', 'slow', 'retries');
    this.maySealSecrets();
    this.asksForSecondFactor(props);
  }
}
