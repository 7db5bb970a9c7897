import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventBus, type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EVENT_BRIDGE_FIELDS, type SourceField, readSourceFields } from '../api/sources/source-fields.ts';
import { QUEUE_RULES, type QueueRules } from '../ports/queue-rules.ts';
import { mayIngest } from './ingest.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

interface AnySourceProps {
  /** How a message becomes an event, as data: docs/sources.md. */
  fields?: readonly unknown[];
  /** Concurrent invocations, 2 to 1,000, each with ten messages. Default 5. */
  maximumConcurrency?: number;
}

/**
 * Events of an EventBridge bus, by its name if it is not in this app. Default: the account's default bus. `fields` must
 * say the tenant.
 */
export interface EventBridgeSourceProps extends AnySourceProps {
  eventBridge: { pattern: EventPattern; bus?: IEventBus | string };
}

/**
 * Messages of a standard queue of yours, by its ARN if it is not in this app. Its visibility timeout must be 28 s or more.
 * Default of `fields`: the messages are events.
 */
export interface QueueSourceProps extends AnySourceProps {
  queue: IQueue | string;
}

export type SourceProps = EventBridgeSourceProps | QueueSourceProps;
/** By a name of your own, which must stay: the keys by which repeats are known begin with it. */
export type SourcesProps = Readonly<Record<string, SourceProps>>;

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** Each is polled and has an alarm, which cost money while it is idle; one bus or queue can carry many kinds of events. */
const MOST_SOURCES = 10;
const DEFAULT_CONCURRENCY = 5;
/** What could not be worked for so long goes to the refused ones, without a reason. */
const SOURCE_RULES = QUEUE_RULES.deliveries;
const REFUSED_RULES = QUEUE_RULES.poison;

interface SourceStageProps extends StageProps {
  memory: number;
  removalPolicy: RemovalPolicy;
  sources: SourcesProps;
}

/** Feeds ingest from buses and queues: one function with an event source for each of them. */
export class Source extends StageFunction {
  /** What can't be an event, with the reason. */
  readonly refused: Queue;
  /** By the name of the source. */
  readonly queues: Readonly<Record<string, IQueue>>;

  /** @throws RangeError, SourceFieldError */
  constructor(scope: Construct, id: string, props: SourceStageProps) {
    const { sources, removalPolicy, memory } = props;
    checkNames(Object.keys(sources));
    const written = { ...props.written, sources: fieldsOf(sources) };
    super(
      scope,
      id,
      { ...props, written },
      {
        entry: 'source',
        description: 'Postrider: takes events in from buses and queues',
        timeout: Duration.seconds(28),
        memorySize: memory,
      },
    );
    mayIngest(this, props);
    this.refused = this.create('Refused', REFUSED_RULES, removalPolicy);
    this.maySendTo(this.refused, 'POSTRIDER_REFUSED_QUEUE_URL');
    const entries = Object.entries(sources).map(([name, source]): [string, IQueue] => [
      name,
      'queue' in source ? this.queueOf(name, source.queue) : this.receive(name, source, removalPolicy),
    ]);
    this.queues = Object.fromEntries(entries);
    for (const [name, queue] of entries) {
      this.works(queue, `Of-${name}`, sources[name]?.maximumConcurrency ?? DEFAULT_CONCURRENCY);
    }
    const names = Object.fromEntries(entries.map(([name, { queueName }]) => [name, queueName]));
    this.lambda.addEnvironment('POSTRIDER_SOURCE_QUEUES', Stack.of(this).toJsonString(names));
  }

  /** A queue between the bus and the function: an event stays in it until it is accepted or refused. */
  private receive(name: string, { eventBridge }: EventBridgeSourceProps, removalPolicy: RemovalPolicy): Queue {
    const { bus: named } = eventBridge;
    const bus = typeof named === 'string' ? EventBus.fromEventBusName(this, `Bus-${name}`, named) : named;
    const queue = this.create(`Queue-${name}`, SOURCE_RULES, removalPolicy);
    const rule = new Rule(this, `Rule-${name}`, {
      description: `Postrider: the source ${name}`,
      eventPattern: eventBridge.pattern,
      ...(bus !== undefined && { eventBus: bus }),
    });
    rule.addTarget(new SqsQueue(queue, { deadLetterQueue: this.refused }));
    return queue;
  }

  /** The order of a FIFO queue would end with the first message that comes back, and deliveries have none. */
  private queueOf(name: string, given: IQueue | string): IQueue {
    const queue = typeof given === 'string' ? Queue.fromQueueArn(this, `Queue-${name}`, given) : given;
    if (queue.fifo) throw new RangeError(`sources.${name}.queue must be a standard queue, is a FIFO queue`);
    return queue;
  }

  private create(id: string, { redrive, ...rules }: QueueRules, removalPolicy: RemovalPolicy): Queue {
    return new Queue(this, id, {
      retentionPeriod: Duration.seconds(rules.retentionSeconds),
      visibilityTimeout: Duration.seconds(rules.visibilitySeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
      ...(redrive && { deadLetterQueue: { queue: this.refused, maxReceiveCount: redrive.maxReceives } }),
    });
  }
}

function checkNames(names: readonly string[]): void {
  if (names.length > MOST_SOURCES) throw new RangeError(`sources must be at most ${MOST_SOURCES}, are ${names.length}`);
  for (const name of names) {
    if (!NAME.test(name))
      throw new RangeError(`sources.${name}: a name is lower-case letters, digits and hyphens, at most 32`);
  }
}

function fieldsOf(sources: SourcesProps): Record<string, readonly SourceField[] | null> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => {
      const defaults = 'queue' in source ? [] : EVENT_BRIDGE_FIELDS;
      if (source.fields === undefined && defaults.length > 0)
        throw new RangeError(`sources.${name}.fields must say the tenant: nothing in EventBridge's envelope does`);
      return [name, source.fields === undefined ? null : readSourceFields(source.fields, defaults)];
    }),
  );
}
