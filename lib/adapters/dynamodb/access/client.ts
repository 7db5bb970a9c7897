import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Milliseconds. Short timeouts, so that a call that hangs fails long before its function times out: after about 3 × 3 s.
 * A batch reads several items in parallel, hence the sockets.
 */
export const dynamoClientConfig = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 3000,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 64 },
  },
} as const satisfies DynamoDBClientConfig;

/**
 * The client that {@link openDynamoStore} needs; create it once per process.
 * @param overrides of {@link dynamoClientConfig}: region, credentials, another endpoint
 */
export function createDocumentClient(overrides: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...dynamoClientConfig, ...overrides });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
