import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';

/** Milliseconds. Short timeouts, so that a call that hangs fails long before its function times out: after about 3 × 3 s. */
export const kmsClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const satisfies KMSClientConfig;

/**
 * The client that {@link createKmsSecretBox} needs; create it once per process.
 * @param overrides of {@link kmsClientConfig}: region, credentials, another endpoint
 */
export function createKmsClient(overrides: KMSClientConfig = {}): KMSClient {
  return new KMSClient({ ...kmsClientConfig, ...overrides });
}
