import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CHANGED_BY_JOBS } from '../adapters/dynamodb/layout/changed-attributes.ts';
import { LOG_PARTITIONS, PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import { STATUS_INDEX } from '../adapters/dynamodb/layout/tables.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../ports/queue-rules.ts';
import { type CheckedAlertMail, letMail } from './alert-mail.ts';
import { type SendingStageProps, StageFunction } from './stage-function.ts';

interface JobsProps {
  maximumConcurrency: { jobs: number; slow: number };
  /** For alerts: itself, or its ARN. */
  alertsTopic: ITopic | string | undefined;
  alertMail: CheckedAlertMail | undefined;
  /** Of the links in mails. */
  consoleUrl: string | undefined;
}

/**
 * Bulk work, a page a message, and requests that may wait half a minute for a customer: probes, and attempts for slow
 * endpoints. One function behind two event sources, each with its own concurrency, so that no request delays a page.
 */
export class Jobs extends StageFunction {
  constructor(scope: Construct, id: string, props: SendingStageProps & JobsProps) {
    super(scope, id, props, {
      entry: 'jobs',
      description: 'Postrider: works through a job, page by page, and makes the requests that may take long',
      timeout: Duration.seconds(CONSUMER_TIMEOUT_SECONDS),
      memorySize: 512,
      loops: true,
      network: props.network,
    });
    // Slow is worked by dispatch's code, and a probe reads the same: both may change the endpoint by its response.
    // A repair puts subscriptions, a replay lists endpoints. It reads no key, no second factor and no line of the audit log.
    const { deployment, brakes, endpoints, meta, subscriptions, eventTypes } = PARTITIONS;
    this.mayCallOn('config', [brakes, deployment, endpoints, meta, subscriptions, eventTypes], 'GetItem');
    this.mayCallOn('config', [brakes, endpoints], 'BatchGetItem');
    // An alert is matched as an event is.
    this.mayCallOn('config', [endpoints, subscriptions], 'Query');
    this.mayChange(CHANGED_BY_JOBS);
    this.mayCallOn('config', [subscriptions], 'PutItem', 'DeleteItem');
    this.mayEraseTenants();
    this.mayCall('log', 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
    // A payload is deleted; the alerts of a minute are counted.
    const { events, quotas, usage } = LOG_PARTITIONS;
    this.mayCallOn('log', [events, quotas, usage], 'UpdateItem');
    this.mayQueryIndex('log', STATUS_INDEX);
    this.maySend('deliveries', 'retries', 'slow', 'jobs', 'exhausted', 'poison');
    // An attempt from slow that fails asks whether retries has room for it.
    this.mayCount('retries');
    // Those of an endpoint are sealed anew, with a data key that it may be the first to need.
    this.mayCallOn('config', [deployment], 'UpdateItem');
    this.maySealSecrets();
    if (props.alertsTopic) this.mayPublish(props.alertsTopic);
    if (props.alertMail) this.mayMailAlerts(props.alertMail, props.consoleUrl);
    this.consumes('jobs', props.maximumConcurrency.jobs);
    this.consumes('slow', props.maximumConcurrency.slow);
  }

  private mayMailAlerts(mail: CheckedAlertMail, consoleUrl: string | undefined): void {
    this.mayCallOn('config', [PARTITIONS.alerts], 'GetItem');
    letMail(this, mail);
    if (consoleUrl !== undefined) this.lambda.addEnvironment('POSTRIDER_CONSOLE_URL', consoleUrl);
  }

  /**
   * Keys, sessions, factors and the list of tenants it finds and removes, or marks, and never reads: a list of keys has
   * hashes.
   */
  private mayEraseTenants(): void {
    const { apiKey, apiKeys, session, sessions, mfa, ...others } = PARTITIONS;
    const { alerts, brakes, endpoints, eventTypes, meta, number, numbers, slots, tenants } = others;
    this.mayCallOn('config', [apiKeys, sessions, eventTypes, numbers], 'Query');
    const access = [apiKey, apiKeys, session, sessions, mfa];
    this.mayCallOn('config', [...access, alerts, endpoints, eventTypes, number, numbers, slots], 'DeleteItem');
    this.mayCallOn('config', [tenants, brakes], 'UpdateItem');
    this.mayCallOn('config', [brakes, meta], 'PutItem');
    this.mayCallOn('log', Object.values(LOG_PARTITIONS), 'DeleteItem');
    this.mayCallOn('log', [LOG_PARTITIONS.deliveries, LOG_PARTITIONS.events], 'BatchWriteItem');
  }
}
