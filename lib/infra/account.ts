import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PARTITIONS } from '../adapters/dynamodb/layout/partitions.ts';
import type { Facade } from '../api/facades/facades.ts';
import { type CheckedAlertMail, letMail } from './alert-mail.ts';
import { StageFunction, type StageProps } from './stage-function.ts';

const CALLS = ['GetItem', 'PutItem', 'Query', 'UpdateItem'] as const;

interface AccountProps {
  facades: readonly Facade[];
  /** How many live ones a tenant may have. */
  maxApiKeys: number;
  /** Of the links of portal sessions. */
  consoleUrl: string | undefined;
  alertMail: CheckedAlertMail | undefined;
}

/** The routes of the service itself, and those by which the platform controls its tenants: tenants, API keys, brakes. */
export class Account extends StageFunction {
  constructor(scope: Construct, id: string, props: StageProps & AccountProps) {
    super(scope, id, props, {
      entry: 'account',
      description: 'Postrider: health, the OpenAPI document, tenants, keys, brakes',
      timeout: Duration.seconds(10),
      memorySize: 256,
    });
    const { settings, mfa, eventTypes, alerts, apiKey, apiKeys, session, sessions, ...others } = PARTITIONS;
    const { deployment, brakes, meta, tenants, audit } = others;
    const all = [deployment, brakes, meta, tenants, apiKey, apiKeys, session, sessions, audit, mfa, eventTypes];
    this.mayCallOn('config', all, ...CALLS);
    this.mayCallOn('config', [settings], 'UpdateItem');
    this.mayCallOn('config', [mfa, eventTypes, settings], 'DeleteItem');
    this.mayCallOn('config', [alerts], 'GetItem');
    if (props.alertMail) {
      this.mayCallOn('config', [alerts], 'PutItem');
      letMail(this, props.alertMail);
    }
    this.maySealSecrets();
    this.asksForSecondFactor(props);
    this.looksUpEventTypes(props);
    this.lambda.addEnvironment('POSTRIDER_MAX_API_KEYS', String(props.maxApiKeys));
    if (props.consoleUrl !== undefined) this.lambda.addEnvironment('POSTRIDER_CONSOLE_URL', props.consoleUrl);
    this.lambda.addEnvironment('POSTRIDER_FACADES', props.facades.join(' '));
  }
}
