import { Duration } from 'aws-cdk-lib';
import { LOG_PARTITIONS, PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { STATUS_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Endpoints with their state, and manual retries, replays and tests, which write records and jobs. */
export class Endpoints extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'endpoints',
      description: 'Postrider: the API of endpoints',
      // A test of an endpoint waits ten seconds for its answer.
      timeout: Duration.seconds(20),
      memorySize: 512,
    });
    // It serves tenants, and has no business with anybody's API keys.
    const { audit, deployment, endpoints, eventTypes, meta, mfa, number, numbers, subscriptions, tenants } = PARTITIONS;
    const read = [deployment, endpoints, eventTypes, meta, mfa, number, numbers, subscriptions, tenants];
    this.mayCallOn('config', read, 'GetItem');
    this.mayCallOn('config', [endpoints, eventTypes, numbers], 'Query');
    this.mayCallOn('config', [audit, endpoints, meta, mfa, number, numbers, subscriptions, tenants], 'PutItem');
    this.mayCallOn('config', [audit, deployment, endpoints, meta, numbers, tenants], 'UpdateItem');
    this.mayCallOn('config', [numbers, subscriptions], 'DeleteItem');
    // The numbers of many things are read at once.
    this.mayCallOn('config', [number], 'BatchGetItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
    // The payload of an event is deleted; test events are counted.
    this.mayCallOn('log', [LOG_PARTITIONS.events], 'UpdateItem', 'DeleteItem');
    this.mayCallOn('log', [LOG_PARTITIONS.quotas], 'UpdateItem');
    this.mayQueryIndex('log', STATUS_INDEX);
    this.maySend('deliveries', 'jobs', 'slow', 'retries');
    // Dead letters are moved back.
    this.mayEmpty('exhausted', 'poison');
    this.maySealSecrets();
    this.asksForSecondFactor(props);
    this.looksUpEventTypes(props);
  }
}
