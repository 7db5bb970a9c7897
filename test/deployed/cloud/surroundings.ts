import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ROOT_CREDENTIALS } from './emulator.ts';

const PLACE = 'us-east-1:000000000000';
/** A customer's own: a queue whose messages become events, and topics with a queue each that hears what they are told. */
const NAMES = { billing: 'billing-events', alerts: 'alerts', alarms: 'alarms' };
const topicArn = (name: string) => `arn:aws:sns:${PLACE}:${name}`;
const queueArn = (name: string) => `arn:aws:sqs:${PLACE}:${name}`;

/** The domain that SES has verified, and whom mails are from. */
const MAIL_DOMAIN = 'mail.example.com';
export const MAIL_FROM = `postrider@${MAIL_DOMAIN}`;

/** What EventBridge sends has this source. */
export const SHOP = 'com.example.shop';
const SOURCES = {
  orders: {
    eventBridge: { pattern: { source: [SHOP] } },
    fields: [{ name: 'tenant_id', from: 'detail.tenant' }],
  },
  billing: { queue: queueArn(NAMES.billing) },
};

/** What the account has beside the stack; URLs of queues. */
export interface Surroundings {
  billing: string;
  /** Hears what the topic of alerts is told. */
  alerts: string;
  /** Hears what the topic of alarms is told. */
  alarms: string;
}

/** For `cdk synth`: what is off by default and needs something else of the account. */
export async function contextOfSurroundings(workFolder: string): Promise<Record<string, string>> {
  const sources = join(workFolder, 'sources.json');
  await writeFile(sources, JSON.stringify(SOURCES));
  const topics = { alertsTopicArn: topicArn(NAMES.alerts), alarmTopicArn: topicArn(NAMES.alarms) };
  return { sources, ...topics, alertMailFrom: MAIL_FROM };
}

export async function createSurroundings(endpoint: string): Promise<Surroundings> {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  } = ROOT_CREDENTIALS;
  const access = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const [sqs, sns, ses] = [new SQSClient(access), new SNSClient(access), new SESv2Client(access)];
  try {
    const [billing, alerts, alarms] = await Promise.all([
      createQueue(sqs, NAMES.billing),
      createTopic(sqs, sns, NAMES.alerts),
      createTopic(sqs, sns, NAMES.alarms),
      ses.send(new CreateEmailIdentityCommand({ EmailIdentity: MAIL_DOMAIN })),
    ]);
    return { billing, alerts, alarms };
  } finally {
    for (const client of [sqs, sns, ses]) client.destroy();
  }
}

/** A topic, with a queue that hears it. Answers the queue's URL. */
async function createTopic(sqs: SQSClient, sns: SNSClient, name: string): Promise<string> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  const heard = `${name}-heard`;
  const Principal = { Service: 'sns.amazonaws.com' };
  const allow = { Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: queueArn(heard) };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
  const url = await createQueue(sqs, heard, { Policy });
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(heard) }));
  return url;
}

/** Its visibility timeout is the least that a source may have. */
async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string> = {}): Promise<string> {
  const Attributes = { VisibilityTimeout: '28', ...attributes };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl;
}
