import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

/** `POST /v1/events` and `/v1/events/batch`. A repeated post relies on the timeout (docs/delivery-states.md, Ingest). */
export class Ingest extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps & { memory: number }) {
    super(scope, id, props, {
      entry: 'ingest',
      description: 'Postrider: keeps an event and sends its deliveries',
      timeout: Duration.seconds(28),
      memorySize: props.memory,
    });
    this.mayCall('config', 'GetItem', 'Query');
    this.mayCallOn('config', [PARTITIONS.meta, PARTITIONS.tenants], 'PutItem', 'UpdateItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem');
    this.maySend('deliveries', 'jobs');
    this.looksUpEventTypes(props);
  }
}
