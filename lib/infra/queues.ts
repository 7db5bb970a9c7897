import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName } from '../ports/queues.ts';

/** Seconds. Twice what a consumer's invocation may take, so that no message comes back while one still works on it. */
const QUEUE_VISIBILITY_SECONDS = 120;
/** The most that SQS allows: a backstop, each exhausted delivery is sent to its queue explicitly. */
const RETRIES_RECEIVE_LIMIT = 1000;
const RECEIVE_LIMIT = 100;

/** The five queues of the pipeline, standard ones: with message groups they are fair among tenants and endpoints. */
export class Queues extends Construct {
  readonly byName: Readonly<Record<QueueName, Queue>>;

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const queue = (name: string, deadLetterQueue?: DeadLetterQueue) =>
      new Queue(this, name, {
        retentionPeriod: Duration.days(14),
        visibilityTimeout: Duration.seconds(QUEUE_VISIBILITY_SECONDS),
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        removalPolicy,
        ...(deadLetterQueue && { deadLetterQueue }),
      });
    const exhausted = queue('Exhausted');
    const poison = queue('Poison');
    this.byName = {
      deliveries: queue('Deliveries', { queue: poison, maxReceiveCount: RECEIVE_LIMIT }),
      retries: queue('Retries', { queue: exhausted, maxReceiveCount: RETRIES_RECEIVE_LIMIT }),
      jobs: queue('Jobs', { queue: poison, maxReceiveCount: RECEIVE_LIMIT }),
      exhausted,
      poison,
    };
  }
}
