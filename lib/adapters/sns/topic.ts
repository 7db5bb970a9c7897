import { PublishCommand, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { ServiceFault } from '../../domain/errors.ts';
import type { AlertChannels, AlertMessage } from '../../ports/alert-channels.ts';

/** Milliseconds. Short timeouts, so that a call that hangs fails long before its function times out: after about 3 × 3 s. */
const snsClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const satisfies SNSClientConfig;

/** Create it once per process. */
export function createSnsClient(): SNSClient {
  return new SNSClient(snsClientConfig);
}

/** Amazon SNS, Publish: a subject has less than 100 characters. */
const MAX_SUBJECT = 99;

/** Publishes alerts as JSON, with their type and tenant as attributes, by which subscriptions may filter. */
export function snsTopic(client: SNSClient, topicArn: string): Required<Pick<AlertChannels, 'publish'>> {
  return {
    async publish(message) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(message),
        Message: textOf(message),
        MessageAttributes: {
          type: { DataType: 'String', StringValue: message.type },
          tenant_id: { DataType: 'String', StringValue: message.tenantId },
        },
      });
      try {
        await client.send(command);
        return 'taken';
      } catch (cause) {
        throw new ServiceFault(`SNS Publish failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
      }
    },
  };
}

/** A tenant's id is any printable text, which may be cut within a character. */
function subjectOf({ type, tenantId }: AlertMessage): string {
  return `${type} of ${tenantId}`.slice(0, MAX_SUBJECT).toWellFormed();
}

function textOf({ id, type, tenantId, at, data }: AlertMessage): string {
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ id, type, timestamp, tenant_id: tenantId, data: JSON.parse(data) as unknown });
}
