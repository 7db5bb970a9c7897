import { afterEach, expect, test, vi } from 'vitest';
import { createDocumentClient } from '../../lib/adapters/dynamodb/access/client.ts';
import { createKmsClient } from '../../lib/adapters/kms/client.ts';
import { createSesClient } from '../../lib/adapters/ses/mailer.ts';
import { createSnsClient } from '../../lib/adapters/sns/topic.ts';
import { createSqsClient } from '../../lib/adapters/sqs/client.ts';

/** What a client of the AWS SDK is made with. Its handler has read its own part once it has made a request. */
interface Client {
  config: {
    maxAttempts(): Promise<number>;
    requestHandler: { configProvider?: Promise<object> };
  };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

// What a client with these times does: test/adapters/dynamodb/access/service-fault.test.ts.
test.each<[string, () => Client]>([
  ['DynamoDB', createDocumentClient as unknown as () => Client],
  ['SQS', createSqsClient as unknown as () => Client],
  ['KMS', createKmsClient as unknown as () => Client],
  ['SNS', createSnsClient as unknown as () => Client],
  ['SES', createSesClient as unknown as () => Client],
])(
  'a call to %s that hangs fails, is tried again, and is given up before its function is stopped',
  async (_, create) => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const { config } = create();
    const times = (await config.requestHandler.configProvider) as { connectionTimeout: number; requestTimeout: number };
    expect(times).toMatchObject({ throwOnRequestTimeout: true });
    const attempts = await config.maxAttempts();
    expect(attempts).toBeGreaterThan(1);
    expect(attempts * (times.connectionTimeout + times.requestTimeout)).toBeLessThanOrEqual(12_000);
  },
);
