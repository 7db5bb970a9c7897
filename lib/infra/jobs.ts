import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STATUS_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../ports/queue-rules.ts';
import { type SendingStageProps, StageFunction } from './stage-function.ts';

/**
 * Bulk work, a page a message. One function behind two event sources: a probe may wait half a minute for a customer, so
 * probes have a queue and a concurrency of their own, and delay no other job.
 */
export class Jobs extends StageFunction {
  constructor(
    scope: Construct,
    id: string,
    props: SendingStageProps & { maximumConcurrency: { jobs: number; probes: number } },
  ) {
    super(scope, id, props, {
      entry: 'jobs',
      description: 'Postrider: works through a job, page by page',
      timeout: Duration.seconds(CONSUMER_TIMEOUT_SECONDS),
      memorySize: 512,
      loops: true,
      network: props.network,
    });
    // A probe reads what dispatch reads, makes a request, and may change the endpoint by its response.
    this.mayCall('config', 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
    this.mayQueryIndex('log', STATUS_INDEX);
    this.maySend('deliveries', 'jobs', 'probes', 'retries', 'poison');
    this.mayOpenSecrets();
    this.consumes('jobs', props.maximumConcurrency.jobs);
    this.consumes('probes', props.maximumConcurrency.probes);
  }
}
