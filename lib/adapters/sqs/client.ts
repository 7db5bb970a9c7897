import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';

/** Milliseconds. Short timeouts, so that a call that hangs fails long before its function times out: after about 3 × 3 s. */
export const sqsClientConfig = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 3000,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 64 },
  },
} as const satisfies SQSClientConfig;

/**
 * The client that {@link createSqsQueues} needs; create it once per process.
 * @param overrides of {@link sqsClientConfig}: region, credentials, another endpoint
 */
export function createSqsClient(overrides: SQSClientConfig = {}): SQSClient {
  return new SQSClient({ ...sqsClientConfig, ...overrides });
}
