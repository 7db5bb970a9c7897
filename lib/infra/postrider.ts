import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { readDialects } from '../dialects/own-dialects.ts';
import { Account } from './account.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { Authorizer } from './authorizer.ts';
import { checkedProps } from './checked-props.ts';
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
import type { PostriderProps } from './postrider-props.ts';
import { Rollout } from './rollout.ts';
import { SavedQueries } from './saved-queries.ts';
import { serviceNameOf } from './service-name.ts';
import { Source } from './source.ts';
import type { StageProps } from './stage-function.ts';
import { letLogsUse } from './encryption.ts';
import { Stateful } from './stateful.ts';
import { Sweep } from './sweep.ts';

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
    const checked = checkedProps(props);
    const { logRetention, removalPolicy, facades, maximumConcurrency, memory, consoleUrl, alertMail, rollout } =
      checked;
    const { encryptionKey, domain, alertsTopic } = props;
    const service = serviceNameOf(this);
    if (encryptionKey) letLogsUse(this, encryptionKey);
    this.stateful = new Stateful(this, 'Stateful', { removalPolicy, encryptionKey });
    this.egress = new Egress(this, 'Egress', { ...props.egress, vpc: props.vpc, vpcSubnets: props.vpcSubnets });
    const { network, rules: egressRules } = this.egress;
    const stage: StageProps = {
      stateful: this.stateful,
      service,
      logTtlDays: checked.logTtlDays,
      logRetention,
      logSampling: checked.logSampling,
      reservedConcurrency: checked.reservedConcurrency,
      written: { egressRules, dialects: readDialects(props.dialects ?? {}) },
      requireMfa: checked.requireMfa,
      tracing: checked.tracing,
      encryptionKey,
      insideNetwork: this.egress.insideNetwork,
      behindAlias: rollout !== 'replace',
      eventTypePolicy: checked.eventTypePolicy,
    };
    const functions = {
      endpoints: new Endpoints(this, 'Endpoints', stage),
      poll: new Poll(this, 'Poll', stage),
      ingest: new Ingest(this, 'Ingest', { ...stage, memory: memory.ingest }),
      history: new History(this, 'History', stage),
      account: new Account(this, 'Account', {
        ...stage,
        facades,
        maxApiKeys: checked.maxApiKeys,
        consoleUrl,
        alertMail,
      }),
    };
    const authorizer = new Authorizer(this, 'Authorizer', stage);
    const dispatch = new Dispatch(this, 'Dispatch', {
      ...stage,
      network,
      memory: memory.dispatch,
      maximumConcurrency,
    });
    const ofAlerts = { alertsTopic, alertMail, consoleUrl };
    const jobs = new Jobs(this, 'Jobs', { ...stage, network, ...ofAlerts, maximumConcurrency });
    const sweep = new Sweep(this, 'Sweep', { ...stage, dueShards: checked.dueShards });
    this.api = new Api(this, 'Api', {
      functions,
      authorizer,
      facades,
      throttling: checked.throttling,
      logRetention,
      encryptionKey,
      domain,
      corsOrigins: checked.corsOrigins,
    });
    if (props.console)
      this.console = new Console(this, 'Console', {
        ...props.console,
        apiUrl: this.api.url,
        logRetention,
        encryptionKey,
      });
    const { sources } = checked;
    if (Object.keys(sources).length > 0)
      this.source = new Source(this, 'Source', { ...stage, memory: memory.ingest, removalPolicy, sources });
    const stages = { ...functions, authorizer, dispatch, jobs, sweep, ...(this.source && { source: this.source }) };
    const { httpApi } = this.api;
    this.alarms = new Alarms(this, 'Alarms', { service, queues: this.stateful.queues, httpApi, stages });
    if (this.source) this.alarms.watchSources(this.source);
    if (props.alarmTopic) this.alarms.tell(props.alarmTopic);
    if (rollout !== 'replace') void new Rollout(this, 'Rollout', { kind: rollout, stages, alarms: this.alarms });
    this.savedQueries = new SavedQueries(this, 'SavedQueries', service, stages);
    if (checked.dashboard)
      this.dashboard = new Dashboard(this, 'Dashboard', { service, stateful: this.stateful, httpApi, stages });
  }

  /** Adds the outputs that the operator's commands read to the stack: once, since their names are fixed. */
  addOutputs(): void {
    addOutputs(Stack.of(this), this);
  }
}
