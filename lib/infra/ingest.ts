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
    mayIngest(this, props);
  }
}

/** What keeping an event takes, whoever posts it. */
export function mayIngest(stage: StageFunction, props: StageProps): void {
  stage.mayCall('config', 'GetItem', 'Query');
  stage.mayCallOn('config', [PARTITIONS.meta, PARTITIONS.tenants], 'PutItem', 'UpdateItem');
  stage.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem');
  stage.maySend('deliveries', 'jobs');
  stage.looksUpEventTypes(props);
}
