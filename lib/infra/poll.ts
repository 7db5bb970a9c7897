import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LOG_PARTITIONS, PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

/**
 * Polls and commits of consumers. It opens secrets, to sign what it gives, and has a concurrency of its own: consumers that
 * poll all the time leave posts and deliveries theirs.
 */
export class Poll extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'poll',
      description: 'Postrider: the API of consumers, who poll for deliveries',
      timeout: Duration.seconds(20),
      memorySize: 512,
    });
    const { brakes, deployment, endpoints } = PARTITIONS;
    const { consumers, deliveries, polls, usage } = LOG_PARTITIONS;
    this.mayCallOn('config', [deployment, endpoints], 'GetItem');
    this.mayCallOn('config', [brakes, endpoints], 'BatchGetItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem');
    this.mayCallOn('log', [consumers, polls], 'Query');
    this.mayCallOn('log', [consumers, deliveries], 'PutItem');
    this.mayCallOn('log', [consumers], 'DeleteItem');
    this.mayCallOn('log', [usage], 'UpdateItem');
    this.mayOpenSecrets();
  }
}
