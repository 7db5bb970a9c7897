import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CONSUMER_TIMEOUT_SECONDS } from '../ports/queue-rules.ts';
import { type SendingStageProps, StageFunction } from './stage-function.ts';

/**
 * One function behind three event sources. First attempts, retries and deliveries of slow endpoints run the same code,
 * each with its own concurrency, so that neither a backlog of retries nor a slow endpoint delays first attempts.
 */
export class Dispatch extends StageFunction {
  constructor(
    scope: Construct,
    id: string,
    props: SendingStageProps & {
      memory: number;
      maximumConcurrency: { deliveries: number; retries: number; slow: number };
    },
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
    this.consumes('slow', props.maximumConcurrency.slow);
  }
}
