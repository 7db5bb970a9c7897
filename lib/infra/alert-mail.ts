import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { readMailAddress } from '../domain/mail/address.ts';
import type { StageFunction } from './stage-function.ts';

/** Mails of alerts, by Amazon SES. */
export interface AlertMailProps {
  /** Whom they are from: an address that SES may send from. */
  from: string;
  /** The identity that SES has verified for it: its domain, a parent of that, or the address itself. Default: its domain. */
  identity?: string;
  /** The configuration set that this identity has by default, by its name: SES asks for a right on it, too. Default: none. */
  configurationSet?: string;
}

/** What mails are sent by. */
export type CheckedAlertMail = AlertMailProps & { identity: string };

/** SES, CreateConfigurationSet. */
const SET_NAME = /^[\w-]{1,64}$/;

/** With its identity. @throws RangeError */
export function checkedAlertMail({ from, identity, ...others }: AlertMailProps): CheckedAlertMail {
  if (readMailAddress(from) !== from) throw new RangeError(`alertMail.from must be a mail address, is ${from}`);
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const verified = identity ?? domain;
  if (verified !== from && verified !== domain && !domain.endsWith(`.${verified}`))
    throw new RangeError(`alertMail.identity must be ${from}, its domain or a parent of that, is ${verified}`);
  const { configurationSet } = others;
  if (configurationSet !== undefined && !SET_NAME.test(configurationSet))
    throw new RangeError(`alertMail.configurationSet must be the name of one, is ${configurationSet}`);
  return { from, identity: verified, ...others };
}

/** Lets a function send as no other address, and by this one identity. */
export function letMail({ lambda }: StageFunction, { from, identity, configurationSet }: CheckedAlertMail): void {
  const arnOf = (resource: string, resourceName: string) =>
    Stack.of(lambda).formatArn({ service: 'ses', resource, resourceName });
  const sets = configurationSet === undefined ? [] : [arnOf('configuration-set', configurationSet)];
  const resources = [arnOf('identity', identity), ...sets];
  const conditions = { StringEquals: { 'ses:FromAddress': from } };
  lambda.addToRolePolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources, conditions }));
  lambda.addEnvironment('POSTRIDER_MAIL_FROM', from);
}
