import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STATUS_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Events, deliveries and jobs, read-only. */
export class History extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'history',
      description: 'Postrider: the API of events, deliveries and jobs',
      timeout: Duration.seconds(15),
      memorySize: 512,
    });
    this.mayCall('config', 'GetItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'Query');
    this.mayQueryIndex('log', STATUS_INDEX);
  }
}
