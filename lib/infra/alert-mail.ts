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
}

/** With its identity. @throws RangeError */
export function checkedAlertMail({ from, identity }: AlertMailProps): Required<AlertMailProps> {
  if (readMailAddress(from) !== from) throw new RangeError(`alertMail.from must be a mail address, is ${from}`);
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const verified = identity ?? domain;
  if (verified !== from && verified !== domain && !domain.endsWith(`.${verified}`))
    throw new RangeError(`alertMail.identity must be ${from}, its domain or a parent of that, is ${verified}`);
  return { from, identity: verified };
}

/** Lets a function send as no other address, and by this one identity. */
export function letMail({ lambda }: StageFunction, { from, identity }: Required<AlertMailProps>): void {
  const arn = Stack.of(lambda).formatArn({ service: 'ses', resource: 'identity', resourceName: identity });
  const conditions = { StringEquals: { 'ses:FromAddress': from } };
  lambda.addToRolePolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources: [arn], conditions }));
  lambda.addEnvironment('POSTRIDER_MAIL_FROM', from);
}
