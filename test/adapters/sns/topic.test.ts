import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { snsTopic } from '../../../lib/adapters/sns/topic.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:alerts';
const MESSAGE = {
  id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  type: 'postrider.endpoint.paused',
  tenantId: 'org_1',
  at: 1_770_379_200_000,
  data: '{"endpoint_id":"ep_1"}',
} as const;

test('publishes an alert as JSON, with the attributes that subscriptions filter by', async () => {
  const sns = mockClient(SNSClient);
  await snsTopic(new SNSClient({ region: 'eu-central-1' }), ARN).publish(MESSAGE);
  expect(sns.commandCalls(PublishCommand).map(({ args }) => args[0].input)).toEqual([
    {
      TopicArn: ARN,
      Subject: 'postrider.endpoint.paused of org_1',
      Message: JSON.stringify({
        id: MESSAGE.id,
        type: MESSAGE.type,
        timestamp: '2026-02-06T12:00:00.000Z',
        tenant_id: 'org_1',
        data: { endpoint_id: 'ep_1' },
      }),
      MessageAttributes: {
        type: { DataType: 'String', StringValue: 'postrider.endpoint.paused' },
        tenant_id: { DataType: 'String', StringValue: 'org_1' },
      },
    },
  ]);
});

test.each(['t'.repeat(128), 'müller', `${'t'.repeat(69)}🗼${'t'.repeat(58)}`])(
  'a subject is valid Unicode of less than 100 characters: a tenant %s',
  async (tenantId) => {
    const sns = mockClient(SNSClient);
    await snsTopic(new SNSClient({ region: 'eu-central-1' }), ARN).publish({ ...MESSAGE, tenantId });
    const { Subject = '' } = sns.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    expect(Subject).toContain(`of ${tenantId.slice(0, 6)}`);
    expect(Subject.length).toBeLessThan(100);
    expect(Subject.isWellFormed()).toBe(true);
  },
);

test('a failure is a fault of a service, with its cause', async () => {
  const sns = mockClient(SNSClient);
  const cause = Object.assign(new Error('slow down'), { name: 'Throttled' });
  sns.on(PublishCommand).rejects(cause);
  const publishing = snsTopic(new SNSClient({ region: 'eu-central-1' }), ARN).publish(MESSAGE);
  await expect(publishing).rejects.toThrow(new ServiceFault('SNS Publish failed: Throttled'));
});
