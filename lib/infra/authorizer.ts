import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

/** Looks up API keys and sessions. */
export class Authorizer extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props, {
      entry: 'authorizer',
      description: 'Postrider: is this a key of ours?',
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
    this.mayCallOn('config', [PARTITIONS.apiKey], 'GetItem', 'UpdateItem');
    this.mayCallOn('config', [PARTITIONS.session, PARTITIONS.sessions], 'GetItem');
    // The number of the schema.
    this.mayCallOn('config', [PARTITIONS.deployment], 'GetItem');
  }
}
