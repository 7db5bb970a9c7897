import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Looks API keys up. */
export class Authorizer extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'authorizer',
      description: 'Postrider: is this a key of ours?',
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
    this.mayCall('config', 'GetItem');
  }
}
