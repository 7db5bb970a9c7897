import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { readDialects } from '../dialects/own-dialects.ts';
import { DEFAULT_LOG_TTL_DAYS } from '../domain/log-lifetime.ts';
import { CONSOLE_URL_RULE, isConsoleUrl } from '../domain/console-settings.ts';
import { FIRST_DUE_SHARDS, MOST_DUE_SHARDS } from '../adapters/dynamodb/layout/shards.ts';
import { DEFAULT_API_SETTINGS } from '../api/api-settings.ts';
import type { Facade } from '../api/facades/facades.ts';
import { Account } from './account.ts';
import { Alarms } from './alarms.ts';
import { Api, type Throttling } from './api.ts';
import { Authorizer } from './authorizer.ts';
import {
  type MaximumConcurrency,
  type ReservedConcurrency,
  checkReserved,
  maximumConcurrencyOf,
  reservedByDefault,
} from './concurrency.ts';
import { Console, type ConsoleProps } from './console.ts';
import { Dashboard } from './dashboard.ts';
import { Dispatch } from './dispatch.ts';
import { Egress, type EgressProps } from './egress.ts';
import { Endpoints } from './endpoints.ts';
import { History } from './history.ts';
import { Ingest } from './ingest.ts';
import { Jobs } from './jobs.ts';
import { Poll } from './poll.ts';
import { type Memory, memoryOf } from './memory.ts';
import { SavedQueries } from './saved-queries.ts';
import { serviceNameOf } from './service-name.ts';
import { Source, type SourcesProps } from './source.ts';
import type { StageProps } from './stage-function.ts';
import { Stateful } from './stateful.ts';
import { Sweep } from './sweep.ts';

export const DEFAULT_LOG_SAMPLING = 0.01;

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
   * Alerts of all tenants are published to it: what happens to their endpoints (docs/alerts.md). Default: none.
   */
  alertsTopic?: ITopic;
  /**
   * Where events come from besides the API, by a name of your own: EventBridge buses and SQS queues (docs/sources.md).
   * Default: none. Each costs $0.32 a month while idle, and the two alarms of all of them $0.10 and $0.10 a source.
   */
  sources?: SourcesProps;
  /** How long log lines are kept. Default: one month. */
  logRetention?: RetentionDays;
  /** Of the tables, the queues and the key. Default RETAIN_ON_UPDATE_OR_DELETE: kept, except by a first
   * deployment that fails. With DESTROY the tables lose their deletion protection. */
  removalPolicy?: RemovalPolicy;
}

/** The whole service. `stateful` holds what must outlive a deployment. */
export class Postrider extends Construct {
  readonly stateful: Stateful;
  readonly api: Api;
  readonly alarms: Alarms;
  readonly savedQueries: SavedQueries;
  readonly dashboard?: Dashboard;
  readonly console?: Console;
  readonly source?: Source;
  readonly egress: Egress;

  constructor(scope: Construct, id: string, props: PostriderProps = {}) {
    super(scope, id);
    const {
      logTtlDays = DEFAULT_LOG_TTL_DAYS,
      logSampling = DEFAULT_LOG_SAMPLING,
      logRetention = RetentionDays.ONE_MONTH,
      removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      dueShards = FIRST_DUE_SHARDS,
      facades = [],
      unknownTypes = 'accept',
      dataCheck = 'off',
      maxApiKeys = DEFAULT_API_SETTINGS.maxApiKeys,
      dashboard = true,
    } = props;
    const service = serviceNameOf(this);
    const maximumConcurrency = maximumConcurrencyOf(props.maximumConcurrency, props.accountConcurrency);
    const reservedConcurrency = { ...reservedByDefault(props.accountConcurrency), ...props.reservedConcurrency };
    checkReserved(reservedConcurrency, maximumConcurrency);
    const { throttling = { rateLimit: 500, burstLimit: 1000 } } = props;

    const memory = memoryOf(props.memory);
    if (!(logSampling >= 0 && logSampling <= 1)) throw new RangeError(`logSampling must be 0 to 1, is ${logSampling}`);
    if (!(Number.isInteger(dueShards) && dueShards >= FIRST_DUE_SHARDS && dueShards <= MOST_DUE_SHARDS))
      throw new RangeError(
        `dueShards must be a whole number from ${FIRST_DUE_SHARDS} to ${MOST_DUE_SHARDS}, is ${dueShards}`,
      );
    if (!(Number.isInteger(maxApiKeys) && maxApiKeys >= 1))
      throw new RangeError(`maxApiKeys must be a whole number from 1 on, is ${maxApiKeys}`);
    const ownName = props.console?.domain?.name;
    const consoleUrl = props.consoleUrl ?? (ownName === undefined ? undefined : `https://${ownName}/`);
    if (consoleUrl !== undefined && !isConsoleUrl(consoleUrl)) throw new RangeError(`consoleUrl ${CONSOLE_URL_RULE}`);
    this.stateful = new Stateful(this, 'Stateful', { removalPolicy });
    this.egress = new Egress(this, 'Egress', props.egress ?? {});
    const { network, rules: egressRules } = this.egress;
    const stage: StageProps = {
      stateful: this.stateful,
      service,
      logTtlDays,
      logRetention,
      logSampling,
      reservedConcurrency,
      written: { egressRules, dialects: readDialects(props.dialects ?? {}) },
      requireMfa: props.requireMfa ?? false,
      eventTypePolicy: { refusesUnknown: unknownTypes === 'refuse', dataCheck },
    };
    const functions = {
      endpoints: new Endpoints(this, 'Endpoints', stage),
      poll: new Poll(this, 'Poll', stage),
      ingest: new Ingest(this, 'Ingest', { ...stage, memory: memory.ingest }),
      history: new History(this, 'History', stage),
      account: new Account(this, 'Account', { ...stage, facades, maxApiKeys, consoleUrl }),
    };
    const authorizer = new Authorizer(this, 'Authorizer', stage);
    const dispatch = new Dispatch(this, 'Dispatch', {
      ...stage,
      network,
      memory: memory.dispatch,
      maximumConcurrency,
    });
    const jobs = new Jobs(this, 'Jobs', { ...stage, network, alertsTopic: props.alertsTopic, maximumConcurrency });
    const sweep = new Sweep(this, 'Sweep', { ...stage, dueShards });
    this.api = new Api(this, 'Api', { functions, authorizer, facades, throttling, logRetention });
    if (props.console)
      this.console = new Console(this, 'Console', { ...props.console, httpApi: this.api.httpApi, logRetention });
    const { sources = {} } = props;
    if (Object.keys(sources).length > 0)
      this.source = new Source(this, 'Source', { ...stage, memory: memory.ingest, removalPolicy, sources });
    const stages = { ...functions, authorizer, dispatch, jobs, sweep, ...(this.source && { source: this.source }) };
    const { httpApi } = this.api;
    this.alarms = new Alarms(this, 'Alarms', { service, queues: this.stateful.queues, httpApi, stages });
    if (this.source) this.alarms.watchSources(this.source);
    this.savedQueries = new SavedQueries(this, 'SavedQueries', service, stages);
    if (dashboard)
      this.dashboard = new Dashboard(this, 'Dashboard', { service, stateful: this.stateful, httpApi, stages });
  }
}
