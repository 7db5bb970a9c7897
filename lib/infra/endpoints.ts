import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Endpoints and their state; the log is read for `last_*`, and written for the jobs that a change starts. */
export class Endpoints extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'endpoints',
      description: 'Postrider: the API of endpoints',
      timeout: Duration.seconds(15),
      memorySize: 512,
    });
    this.mayCall('config', 'GetItem', 'Query', 'PutItem', 'UpdateItem');
    this.mayCall('log', 'GetItem', 'Query', 'PutItem');
    this.maySend('jobs');
    this.maySealSecrets();
  }
}
