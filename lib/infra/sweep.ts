import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { CHANGED_BY_SWEEP } from '../adapters/dynamodb/layout/changed-attributes.ts';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { DUE_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

export interface SweepProps extends StageProps {
  dueShards: number;
}

/** Resumes unfinished work, each minute. A run that fails is not retried: the next one does the same work. */
export class Sweep extends StageFunction {
  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id, props, {
      entry: 'sweep',
      description: 'Postrider: moves on what stands unfinished',
      timeout: Duration.seconds(55),
      // More than half a processor: each record that is moved on takes its time.
      memorySize: 1024,
    });
    // The item of the schema: written at the first run, and when the number of shards is raised. Copies of the brakes: put.
    const { brakes, deployment, meta, settings } = PARTITIONS;
    this.mayCallOn('config', [brakes, deployment], 'GetItem', 'PutItem', 'UpdateItem');
    // What a change of a tenant's settings has left behind in the copies of its item.
    this.mayCallOn('config', [settings], 'Query', 'DeleteItem');
    this.mayCallOn('config', [meta], 'GetItem');
    this.mayChange(CHANGED_BY_SWEEP);
    this.lambda.addEnvironment('POSTRIDER_DUE_SHARDS', String(props.dueShards));
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem');
    this.mayQueryIndex('log', DUE_INDEX);
    this.maySend('retries', 'exhausted', 'jobs', 'slow');

    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    this.called.configureAsyncInvoke(once);
    const everyMinute = new Rule(this, 'EveryMinute', { schedule: Schedule.rate(Duration.minutes(1)) });
    everyMinute.addTarget(new LambdaFunction(this.called, once));
  }
}
