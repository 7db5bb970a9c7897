import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
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
    this.mayCall('config', 'GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem');
    this.maySend('retries', 'slow', 'exhausted', 'poison', 'jobs');
    this.mayOpenSecrets();
    this.consumes('deliveries', props.maximumConcurrency.deliveries);
    this.consumes('retries', props.maximumConcurrency.retries);
  }
}
