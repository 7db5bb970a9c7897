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

/** Amazon SNS, Publish: a subject is ASCII text of at most 100 characters. */
const MAX_SUBJECT = 100;

/**
 * Publishes alerts as JSON, with their type and tenant as attributes, by which subscriptions may filter. A tenant's id is
 * printable ASCII.
 */
export function snsTopic(client: SNSClient, topicArn: string): Required<Pick<AlertChannels, 'publish'>> {
  return {
    async publish(message) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: `${message.type} of ${message.tenantId}`.slice(0, MAX_SUBJECT),
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

function textOf({ id, type, tenantId, at, data }: AlertMessage): string {
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ id, type, timestamp, tenant_id: tenantId, data: JSON.parse(data) as unknown });
}
