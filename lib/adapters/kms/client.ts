import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';

/** Short timeouts, so that a call that hangs fails long before its function does: at most about 3 × 3 s. Milliseconds. */
export const kmsClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const satisfies KMSClientConfig;

/**
 * The client that {@link createKmsSecretBox} needs; make it once a process.
 * @param overrides of {@link kmsClientConfig}: region, credentials, another endpoint
 */
export function createKmsClient(overrides: KMSClientConfig = {}): KMSClient {
  return new KMSClient({ ...kmsClientConfig, ...overrides });
}
