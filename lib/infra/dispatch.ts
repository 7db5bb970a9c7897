import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LOG_PARTITIONS, PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../ports/queue-rules.ts';
import { type SendingStageProps, StageFunction } from './stage-function.ts';

/**
 * One function behind two event sources. First attempts and retries run the same code, each with its own concurrency, so
 * that no backlog of retries delays first attempts. Deliveries of slow endpoints are handed to the function jobs.
 */
export class Dispatch extends StageFunction {
  constructor(
    scope: Construct,
    id: string,
    props: SendingStageProps & { memory: number; maximumConcurrency: { deliveries: number; retries: number } },
  ) {
    super(scope, id, props, {
      entry: 'dispatch',
      description: 'Postrider: makes the requests to customers',
      timeout: Duration.seconds(CONSUMER_TIMEOUT_SECONDS),
      memorySize: props.memory,
      loops: true,
      network: props.network,
    });
    // An endpoint is changed by its own answers: the breaker pauses it, a 410 disables it.
    // It parses what customers answer: keys, second factors and the audit log are out of its reach.
    const { deployment, brakes, endpoints, meta, slots, subscriptions } = PARTITIONS;
    this.mayCallOn('config', [deployment, endpoints, meta], 'GetItem');
    this.mayCallOn('config', [brakes, endpoints], 'BatchGetItem');
    this.mayCallOn('config', [endpoints, meta, slots], 'UpdateItem');
    this.mayCallOn('config', [subscriptions], 'DeleteItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem');
    this.mayCallOn('log', [LOG_PARTITIONS.usage], 'UpdateItem');
    this.maySend('retries', 'slow', 'exhausted', 'poison', 'jobs');
    this.mayOpenSecrets();
    this.consumes('deliveries', props.maximumConcurrency.deliveries);
    this.consumes('retries', props.maximumConcurrency.retries);
  }
}
