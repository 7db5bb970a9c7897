import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QUEUE_RULES, type RedriveTarget } from '../ports/queue-rules.ts';
import type { QueueName } from '../ports/queues.ts';

/** The standard queues of the pipeline. Message groups make them fair among tenants and endpoints. */
export class Queues extends Construct {
  readonly byName: Readonly<Record<QueueName, Queue>>;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.removalPolicy = removalPolicy;
    const targets = { exhausted: this.create('exhausted'), poison: this.create('poison') };
    this.byName = {
      deliveries: this.create('deliveries', targets),
      retries: this.create('retries', targets),
      slow: this.create('slow', targets),
      jobs: this.create('jobs', targets),
      ...targets,
    };
  }

  private create(name: QueueName, targets?: Readonly<Record<RedriveTarget, Queue>>): Queue {
    const { retentionSeconds, visibilitySeconds, redrive } = QUEUE_RULES[name];
    return new Queue(this, name.charAt(0).toUpperCase() + name.slice(1), {
      retentionPeriod: Duration.seconds(retentionSeconds),
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: this.removalPolicy,
      ...(redrive &&
        targets && { deadLetterQueue: { queue: targets[redrive.to], maxReceiveCount: redrive.maxReceives } }),
    });
  }
}
