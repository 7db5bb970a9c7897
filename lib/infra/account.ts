import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageFunction, type StageProps } from './stage-function.ts';

/** The routes of the service itself, and those by which the platform controls its tenants: brakes and quotas. */
export class Account extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'account',
      description: 'Postrider: health, the OpenAPI document, brakes and quotas',
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
    this.mayCall('config', 'GetItem', 'PutItem', 'UpdateItem');
  }
}
