import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { DUE_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Resumes unfinished work, each minute. A run that fails is not retried: the next one does the same work. */
export class Sweep extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'sweep',
      description: 'Postrider: moves on what stands unfinished',
      timeout: Duration.seconds(55),
      memorySize: 512,
    });
    this.mayCall('config', 'GetItem');
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem');
    this.mayQueryIndex('log', DUE_INDEX);
    this.maySend('retries', 'exhausted', 'jobs', 'probes');

    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    this.lambda.configureAsyncInvoke(once);
    const everyMinute = new Rule(this, 'EveryMinute', { schedule: Schedule.rate(Duration.minutes(1)) });
    everyMinute.addTarget(new LambdaFunction(this.lambda, once));
  }
}
