import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Facade } from '../api/facades/facades.ts';
import type { AlertMailProps } from './alert-mail.ts';
import type { Throttling } from './api.ts';
import type { ApiDomainProps } from './api-domain.ts';
import type { MaximumConcurrency, ReservedConcurrency } from './concurrency.ts';
import type { ConsoleProps } from './console.ts';
import type { EgressProps } from './egress.ts';
import type { Memory } from './memory.ts';
import type { RolloutKind } from './rollout.ts';
import type { SourcesProps } from './source.ts';

/** What a deployment may decide; docs/construct.md has the same list. */
export interface PostriderProps {
  /** How long events and deliveries are kept, days. Default 30. */
  logTtlDays?: number;
  /** Concurrent invocations per queue, 2 to 1,000. Default: 100 for deliveries, 50 for retries, 20 for slow, 5 for jobs. */
  maximumConcurrency?: Partial<MaximumConcurrency>;
  /**
   * Lambda's quota "Concurrent executions" of this account and region, from 10 on: a smaller one than 1,000 lowers the
   * default maximum concurrencies, so that the API is left some. Default 1,000.
   */
  accountConcurrency?: number;
  /**
   * Concurrent invocations that Lambda keeps for a function, and the most that it gets. Lambda refuses to reserve the
   * account's last 100. Default: 20 for poll in an account with 200 or more, otherwise none.
   */
  reservedConcurrency?: ReservedConcurrency;
  /**
   * MiB, 256 to 10,240; Lambda gives processor time in proportion. More memory makes it faster: a post is accepted sooner,
   * a request to a customer starts sooner. Default: 256 each.
   */
  memory?: Partial<Memory>;
  /** Past these the API responds 429. Default: 500 requests per second, 1,000 at the same time. */
  throttling?: Throttling;
  /**
   * The share of events whose routine lines (accepted, delivered by the first attempt) are logged, 0 to 1. Failures,
   * warnings and errors are always logged. Default 0.01.
   */
  logSampling?: number;
  /**
   * Partitions of a minute of the due index, 4 to 64; each takes about 1,000 writes of failing deliveries a second. It
   * can be raised at any time, and stays as high as it ever was. Default 4; each further one costs $0.10 a month.
   */
  dueShards?: number;
  /**
   * Refuses sensitive calls (API keys, retries, replays) to a key whose owner has no second factor. Default false: only who
   * has enrolled one is asked for it.
   */
  requireMfa?: boolean;
  /**
   * What happens to events whose type is not in the catalogue, and to data that does not match the schema of its type
   * (docs/event-types.md): for tenants that have set nothing themselves. Default: accept, off.
   */
  unknownTypes?: 'accept' | 'refuse';
  dataCheck?: 'off' | 'warn' | 'refuse';
  /** How many live API keys a tenant may have, from 1 on. Default 100. */
  maxApiKeys?: number;
  /**
   * The address of the console, https: and with a slash at its end: where the links of its sessions lead. Default: their
   * answers have the code alone (docs/portal.md).
   */
  consoleUrl?: string;
  /** Where requests to customers may go, and the addresses that they come from. Default: every public address, over HTTPS. */
  egress?: EgressProps;
  /**
   * Dialects of your own, by name, as data: docs/dialects.md says what may be in them. One that an endpoint uses must
   * stay. Default: none.
   */
  dialects?: Readonly<Record<string, unknown>>;
  /**
   * The management APIs of other platforms that are served beside our own (docs/migrate.md). Default: none.
   */
  facades?: readonly Facade[];
  /**
   * A dashboard with the flow, what may be full, who fails, and what costs. An account's first three are free, each further
   * one costs $3 a month. Default true.
   */
  dashboard?: boolean;
  /**
   * The console for people, on a CloudFront address with the API below it (docs/deploy.md). It costs next to nothing while
   * nobody uses it. Default: none.
   */
  console?: ConsoleProps;
  /**
   * Alerts of all tenants are published to it: what happens to their endpoints (docs/alerts.md). By its ARN if it is not
   * in this app. Default: none.
   */
  alertsTopic?: ITopic | string;
  /**
   * Mails alerts to the addresses that tenants have confirmed, by Amazon SES from this address (docs/alerts.md). Default: no
   * mail is sent.
   */
  alertMail?: AlertMailProps;
  /**
   * Where events come from besides the API, by a name of your own: EventBridge buses and SQS queues (docs/sources.md).
   * Default: none. Each costs $0.42 a month while idle, its alarm included, and the alarm of what is refused $0.10.
   */
  sources?: SourcesProps;
  /** How long log lines are kept. Default: one month. */
  logRetention?: RetentionDays;
  /**
   * Of the tables, the queues and the key. Default RETAIN_ON_UPDATE_OR_DELETE: kept, except by a first deployment that
   * fails. With DESTROY the tables lose their deletion protection.
   */
  removalPolicy?: RemovalPolicy;
  /** The SNS topic that every alarm tells. Default: alarms are shown, and tell nobody. */
  alarmTopic?: ITopic;
  /**
   * A name of your own for the API, with its certificate of this region; then the name that AWS gave it answers no more.
   * The name's DNS record is yours to make: the output `ApiDomainTarget` says to where. Default: the name that AWS gives.
   */
  domain?: ApiDomainProps;
  /**
   * Origins whose pages may call the API from a browser, such as `https://app.example.com`; each call still needs a key or
   * a session. Default: none.
   */
  corsOrigins?: readonly string[];
  /** Traces each invocation with X-Ray, at its sampling and price (docs/construct.md). Default false. */
  tracing?: boolean;
  /**
   * A KMS key of yours that encrypts the tables and the logs (docs/construct.md says what its policy must allow). The
   * stack needs a region then. Default: keys of AWS's own.
   */
  encryptionKey?: IKey;
  /**
   * A VPC of yours that all functions run in; its subnets must have a way to AWS's services and to your customers.
   * Default: none.
   */
  vpc?: IVpc;
  /** Which subnets of it. Default: private ones with a way out. */
  vpcSubnets?: SubnetSelection;
  /**
   * How new code takes over: `replace` at once; `canary` with a tenth of the invocations for 15 minutes, and back if an
   * alarm rises; `canary-now` behind the same aliases at once, while an alarm is up that the new code mends
   * (docs/construct.md). Default `replace`.
   */
  rollout?: RolloutKind;
}
