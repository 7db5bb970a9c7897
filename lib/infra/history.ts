import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { DUE_INDEX, STATUS_INDEX, TROUBLE_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { QUEUE_NAMES } from '../ports/queues.ts';
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
    // Operators see all tenants: which endpoints are in trouble, what is overdue, and how full the queues are.
    this.mayCallOn('config', [PARTITIONS.tenants], 'Query');
    this.mayQueryIndex('config', TROUBLE_INDEX);
    this.mayQueryIndex('log', DUE_INDEX);
    for (const queue of QUEUE_NAMES) this.mayCount(queue);
  }
}
