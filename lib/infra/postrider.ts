import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { readDialects } from '../dialects/own-dialects.ts';
import { DEFAULT_LOG_TTL_DAYS } from '../domain/log-lifetime.ts';
import { CONSOLE_URL_RULE, isConsoleUrl } from '../domain/console-settings.ts';
import { FIRST_DUE_SHARDS, MOST_DUE_SHARDS } from '../adapters/dynamodb/layout/shards.ts';
import { DEFAULT_API_SETTINGS } from '../api/api-settings.ts';
import { Account } from './account.ts';
import { checkedAlertMail } from './alert-mail.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { Authorizer } from './authorizer.ts';
import { checkReserved, maximumConcurrencyOf, reservedByDefault } from './concurrency.ts';
import { Console } from './console.ts';
import { Dashboard } from './dashboard.ts';
import { Dispatch } from './dispatch.ts';
import { Egress } from './egress.ts';
import { Endpoints } from './endpoints.ts';
import { History } from './history.ts';
import { Ingest } from './ingest.ts';
import { Jobs } from './jobs.ts';
import { Poll } from './poll.ts';
import { addOutputs } from './outputs.ts';
import { memoryOf } from './memory.ts';
import type { PostriderProps } from './postrider-props.ts';
import { Rollout } from './rollout.ts';
import { SavedQueries } from './saved-queries.ts';
import { serviceNameOf } from './service-name.ts';
import { Source } from './source.ts';
import type { StageProps } from './stage-function.ts';
import { letLogsUse } from './encryption.ts';
import { Stateful } from './stateful.ts';
import { Sweep } from './sweep.ts';

export const DEFAULT_LOG_SAMPLING = 0.01;

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
    const { encryptionKey, domain, corsOrigins = [], rollout = 'replace' } = props;
    if (domain && domain.name === ownName) throw new RangeError('domain and console.domain must be two names');
    const alertMail = props.alertMail && checkedAlertMail(props.alertMail);
    if (encryptionKey) letLogsUse(this, encryptionKey);
    this.stateful = new Stateful(this, 'Stateful', { removalPolicy, encryptionKey });
    this.egress = new Egress(this, 'Egress', { ...props.egress, vpc: props.vpc, vpcSubnets: props.vpcSubnets });
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
      tracing: props.tracing ?? false,
      encryptionKey,
      insideNetwork: this.egress.insideNetwork,
      behindAlias: rollout !== 'replace',
      eventTypePolicy: { refusesUnknown: unknownTypes === 'refuse', dataCheck },
    };
    const functions = {
      endpoints: new Endpoints(this, 'Endpoints', stage),
      poll: new Poll(this, 'Poll', stage),
      ingest: new Ingest(this, 'Ingest', { ...stage, memory: memory.ingest }),
      history: new History(this, 'History', stage),
      account: new Account(this, 'Account', { ...stage, facades, maxApiKeys, consoleUrl, alertMail }),
    };
    const authorizer = new Authorizer(this, 'Authorizer', stage);
    const dispatch = new Dispatch(this, 'Dispatch', {
      ...stage,
      network,
      memory: memory.dispatch,
      maximumConcurrency,
    });
    const { alertsTopic } = props;
    const ofAlerts = { alertsTopic, alertMail, consoleUrl };
    const jobs = new Jobs(this, 'Jobs', { ...stage, network, ...ofAlerts, maximumConcurrency });
    const sweep = new Sweep(this, 'Sweep', { ...stage, dueShards });
    this.api = new Api(this, 'Api', {
      functions,
      authorizer,
      facades,
      throttling,
      logRetention,
      encryptionKey,
      domain,
      corsOrigins,
    });
    if (props.console)
      this.console = new Console(this, 'Console', {
        ...props.console,
        apiUrl: this.api.url,
        logRetention,
        encryptionKey,
      });
    const { sources = {} } = props;
    if (Object.keys(sources).length > 0)
      this.source = new Source(this, 'Source', { ...stage, memory: memory.ingest, removalPolicy, sources });
    const stages = { ...functions, authorizer, dispatch, jobs, sweep, ...(this.source && { source: this.source }) };
    const { httpApi } = this.api;
    this.alarms = new Alarms(this, 'Alarms', { service, queues: this.stateful.queues, httpApi, stages });
    if (this.source) this.alarms.watchSources(this.source);
    if (props.alarmTopic) this.alarms.tell(props.alarmTopic);
    if (rollout !== 'replace') void new Rollout(this, 'Rollout', { kind: rollout, stages, alarms: this.alarms });
    this.savedQueries = new SavedQueries(this, 'SavedQueries', service, stages);
    if (dashboard)
      this.dashboard = new Dashboard(this, 'Dashboard', { service, stateful: this.stateful, httpApi, stages });
  }

  /** Adds the outputs that the operator's commands read to the stack: once, since their names are fixed. */
  addOutputs(): void {
    addOutputs(Stack.of(this), this);
  }
}
