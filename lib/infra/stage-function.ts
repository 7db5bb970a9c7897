import { functionCode } from '#function-code';
import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { CONFIG_TABLE } from '../adapters/dynamodb/layout/tables.ts';
import { ENCRYPTION_CONTEXT } from '../adapters/kms/encryption-context.ts';
import type { EventTypePolicy } from '../domain/event-type.ts';
import { MAX_BATCH } from '../ports/queue-rules.ts';
import type { QueueName } from '../ports/queues.ts';
import type { AlwaysThere, LambdaEntry, WrittenIn } from './written-in.ts';
import type { ReservedConcurrency } from './concurrency.ts';
import { tableKeyStatement } from './encryption.ts';
import { type FunctionNetwork, interfaceStatements, placeIn } from './function-network.ts';
import type { Stateful } from './stateful.ts';
import type { TableName } from './tables.ts';

/** Properties that all stages share. */
export interface StageProps {
  stateful: Stateful;
  /** What names this service among others of the account, in its alarms and metrics. */
  service: string;
  logTtlDays: number;
  logRetention: RetentionDays;
  /** Share of the events whose routine lines are logged, 0 to 1. */
  logSampling: number;
  reservedConcurrency: ReservedConcurrency;
  /** What an operator decides for every function. */
  written: WrittenIn;
  /** Are sensitive calls refused to a key whose owner has no second factor? */
  requireMfa: boolean;
  /** What holds for tenants that have set nothing themselves. */
  eventTypePolicy: Required<EventTypePolicy>;
  /** Traced by X-Ray? */
  tracing: boolean;
  /** An operator's key for tables and logs. Undefined: AWS's own. */
  encryptionKey: IKey | undefined;
  /** Of functions that do not send to customers. Undefined: outside a VPC. */
  insideNetwork: FunctionNetwork | undefined;
  /** Is it called by its alias, which a rollout moves from version to version? */
  behindAlias: boolean;
}

/** Of the stages that send to customers. */
export interface SendingStageProps extends StageProps {
  network: FunctionNetwork | undefined;
}

export interface FunctionShape {
  entry: LambdaEntry;
  description: string;
  timeout: Duration;
  /** MiB; Lambda gives processor time in proportion. */
  memorySize: number;
  /**
   * It sends to a queue that comes back to it. Lambda would stop such a chain after about 16 invocations ("Use Lambda
   * recursive loop detection to prevent infinite loops"); here each message has its own end.
   */
  loops?: true;
  /** It sends to customers, from here. Undefined: from outside a VPC. */
  network?: FunctionNetwork | undefined;
}

const KEY_ATTRIBUTES = [CONFIG_TABLE.partitionKey.name, CONFIG_TABLE.sortKey.name];

/** The functions of a deployment. */
export type Stages = Readonly<Record<AlwaysThere, StageFunction> & Partial<Record<LambdaEntry, StageFunction>>>;

/** DynamoDB calls, by their IAM names without the prefix. */
type TableAction = 'GetItem' | 'BatchGetItem' | 'BatchWriteItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/**
 * One Lambda function with its own role and log group. At first it may only write its log. Each `may…` method adds
 * permissions on one resource, and the environment variable that names it.
 */
export class StageFunction extends Construct {
  readonly lambda: LambdaFunction;
  /** Undefined: there are no versions, the function's code is replaced. */
  readonly alias: Alias | undefined;
  readonly logGroup: LogGroup;
  private readonly stateful: Stateful;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: StageProps, shape: FunctionShape) {
    super(scope, id);
    this.stateful = props.stateful;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const network = shape.network ?? props.insideNetwork;
    if (network) this.allowInterfaces();
    if (props.tracing) this.acknowledgeEverywhere('X-Ray has no resources to name.');
    if (props.encryptionKey) this.role.addToPolicy(tableKeyStatement(this, props.encryptionKey));
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.logGroup.logGroupArn);
    const reserved = props.reservedConcurrency[shape.entry];
    this.lambda = new LambdaFunction(this, 'Function', {
      description: shape.description,
      code: functionCode(shape.entry, props.written),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: shape.timeout,
      memorySize: shape.memorySize,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      ...(network && placeIn(network)),
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      ...(shape.loops && { recursiveLoop: RecursiveLoop.ALLOW }),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Drops Lambda's own two lines for each successful invocation: its metrics have the same numbers.
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: {
        POSTRIDER_LOG_TTL_DAYS: String(props.logTtlDays),
        POSTRIDER_LOG_SAMPLE: String(props.logSampling),
        POSTRIDER_SERVICE: props.service,
        // The VPC of the functions that send has no IPv6: its resolver is not asked for what cannot be used.
        ...(shape.network && { POSTRIDER_IPV4_ONLY: 'true' }),
      },
    });
    this.alias = props.behindAlias
      ? // CDK's classes may have an undefined property that their interfaces may not: a matter of types alone.
        new Alias(this, 'Live', { aliasName: 'live', version: this.lambda.currentVersion as IVersion })
      : undefined;
  }

  /** What whoever calls the function names. */
  get called(): IFunction {
    return (this.alias ?? this.lambda) as IFunction;
  }

  /** Calls on the table itself; for its indexes see `mayQueryIndex`. */
  mayCall(table: TableName, ...actions: TableAction[]): void {
    this.mayCallOn(table, undefined, ...actions);
  }

  /**
   * Calls on some partitions only.
   * @param partitions patterns of their keys, with `*` for any text (IAM: "Using IAM policy conditions for fine-grained
   *   access control", `dynamodb:LeadingKeys`); undefined: all
   */
  mayCallOn(table: TableName, partitions: readonly string[] | undefined, ...actions: TableAction[]): void {
    const dynamo = actions.map((action) => `dynamodb:${action}`);
    const conditions = partitions && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } };
    this.allow(dynamo, this.stateful.tables[table].tableArn, conditions);
    this.nameTable(table);
  }

  /**
   * Changes of some attributes of items in some kinds of partitions of the table config. IAM asks for the attributes that
   * an expression names, the first of a path ("Using IAM policy conditions for fine-grained access control",
   * `dynamodb:Attributes`). Its answer may show the others: what these functions may read anyway.
   */
  mayChange(attributes: Partial<Record<keyof typeof PARTITIONS, readonly string[]>>): void {
    for (const [kind, names] of Object.entries(attributes)) {
      const partitions = [PARTITIONS[kind as keyof typeof PARTITIONS]];
      const conditions = { 'dynamodb:LeadingKeys': partitions, 'dynamodb:Attributes': [...KEY_ATTRIBUTES, ...names] };
      const { tableArn } = this.stateful.tables.config;
      this.allow(['dynamodb:UpdateItem'], tableArn, { 'ForAllValues:StringLike': conditions });
    }
    this.nameTable('config');
  }

  mayQueryIndex(table: TableName, index: string): void {
    this.allow(['dynamodb:Query'], `${this.stateful.tables[table].tableArn}/index/${index}`);
    this.nameTable(table);
  }

  maySend(...queues: QueueName[]): void {
    for (const queue of queues) this.allowQueue(queue, 'sqs:SendMessage');
  }

  /** Its own topic's key policy, if it is encrypted with a key of the operator's, must allow this function's role. */
  mayPublish(topic: ITopic | string): void {
    const arn = typeof topic === 'string' ? topic : topic.topicArn;
    this.allow(['sns:Publish'], arn);
    this.lambda.addEnvironment('POSTRIDER_ALERTS_TOPIC_ARN', arn);
  }

  /** {@link maySend} for a queue that is in no {@link Stateful}. @param variable names it to the function */
  maySendTo(queue: IQueue, variable: string): void {
    this.allow(['sqs:SendMessage'], queue.queueArn);
    this.lambda.addEnvironment(variable, queue.queueUrl);
  }

  /** To move the messages of queues that nothing consumes. */
  mayEmpty(...queues: QueueName[]): void {
    for (const queue of queues) this.allowQueue(queue, 'sqs:ReceiveMessage', 'sqs:DeleteMessage');
  }

  /** To count the messages of a queue that it does not consume. */
  mayCount(queue: QueueName): void {
    this.allowQueue(queue, 'sqs:GetQueueAttributes');
  }

  /**
   * An event source of its own: full batches, partial batch failures, and a limit on concurrent invocations.
   * @param maximumConcurrency 2 to 1,000 (Lambda: "Configuring scaling behavior for SQS event source mappings")
   */
  consumes(queue: QueueName, maximumConcurrency: number): void {
    this.works(this.stateful.queues[queue], queue, maximumConcurrency);
    // What fails is hidden for as long as it has to wait.
    this.allowQueue(queue, 'sqs:ChangeMessageVisibility');
    this.nameQueue(queue);
  }

  /** {@link consumes} for a queue that may be somebody else's. */
  works(queue: IQueue, id: string, maximumConcurrency: number): void {
    const rights = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] as const;
    this.allow(
      rights.map((right) => `sqs:${right}`),
      queue.queueArn,
    );
    queue.encryptionMasterKey?.grantDecrypt(this.lambda);
    this.called.addEventSourceMapping(id, {
      eventSourceArn: queue.queueArn,
      batchSize: MAX_BATCH,
      reportBatchItemFailures: true,
      maxConcurrency: maximumConcurrency,
    });
  }

  /** Also allows opening them: after a restart, a cached data key must be unwrapped again. */
  maySealSecrets(): void {
    this.allowKey('kms:GenerateDataKey', 'kms:Decrypt');
  }

  mayOpenSecrets(): void {
    this.allowKey('kms:Decrypt');
  }

  /** It serves sensitive calls. */
  asksForSecondFactor({ requireMfa }: Pick<StageProps, 'requireMfa'>): void {
    this.lambda.addEnvironment('POSTRIDER_REQUIRE_MFA', String(requireMfa));
  }

  /** It does with the catalogue of event types what the deployment or the tenant says. */
  looksUpEventTypes({ eventTypePolicy: { refusesUnknown, dataCheck } }: Pick<StageProps, 'eventTypePolicy'>): void {
    this.lambda.addEnvironment('POSTRIDER_UNKNOWN_TYPES', refusesUnknown ? 'refuse' : 'accept');
    this.lambda.addEnvironment('POSTRIDER_DATA_CHECK', dataCheck);
  }

  private allowKey(...actions: string[]): void {
    const context = Object.entries(ENCRYPTION_CONTEXT).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
    this.allow(actions, this.stateful.key.keyArn, { StringEquals: Object.fromEntries(context) as Conditions });
    this.lambda.addEnvironment('POSTRIDER_KMS_KEY_ID', this.stateful.key.keyArn);
  }

  private allowQueue(queue: QueueName, ...actions: string[]): void {
    this.allow(actions, this.stateful.queues[queue].queueArn);
    this.nameQueue(queue);
  }

  private nameQueue(queue: QueueName): void {
    this.lambda.addEnvironment(`POSTRIDER_QUEUE_${queue.toUpperCase()}_URL`, this.stateful.queues[queue].queueUrl);
  }

  private nameTable(table: TableName): void {
    this.lambda.addEnvironment(`POSTRIDER_${table.toUpperCase()}_TABLE`, this.stateful.tables[table].tableName);
  }

  private allowInterfaces(): void {
    for (const statement of interfaceStatements()) this.role.addToPolicy(statement);
    this.acknowledgeEverywhere(
      'Lambda asks for these actions on every resource; the function’s own code is denied them.',
    );
  }

  private acknowledgeEverywhere(reason: string): void {
    Validations.of(this.role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
  }

  private allow(actions: string[], resource: string, conditions?: Conditions): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) }));
  }
}
