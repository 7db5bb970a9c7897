import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** The routes of the service itself. They are public and touch no data, so it has no right to any. */
export class Account extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'account',
      description: 'Postrider: health and the OpenAPI document',
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
  }
}
