import type { Endpoint, SealedSecret } from '../../../domain/endpoint.ts';
import { fingerprintOf } from '../../../domain/secret-rotation.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { PublicKeysJson, SecretJson } from './secret-schemas.ts';

export function secretsJson(endpoint: Endpoint): SecretJson[] {
  const { secrets, standardSecrets, privateKeys = [], alsoStandard } = endpoint;
  const signs = ({ generated }: SealedSecret) => !generated || (alsoStandard && !standardSecrets);
  return [
    ...secrets.filter(signs).map((secret) => secretJson('signing', secret)),
    ...(standardSecrets ?? []).map((secret) => secretJson('standard', secret)),
    ...privateKeys.map((secret) => secretJson('asymmetric', secret)),
  ];
}

function secretJson(use: SecretJson['use'], secret: SealedSecret): SecretJson {
  return {
    use,
    fingerprint: fingerprintOf(secret),
    created_at: asTimestamp(secret.createdAt),
    activates_at: asTimestampOrNull(secret.activatesAt),
    expires_at: asTimestampOrNull(secret.expiresAt),
  };
}

/** @param keys newest first, at least one */
export function publicKeysJson(keys: readonly SealedSecret[]): PublicKeysJson {
  const shown = keys.map((key) => ({
    public_key: key.publicKey ?? '',
    fingerprint: fingerprintOf(key),
    expires_at: asTimestampOrNull(key.expiresAt),
  }));
  return { public_key: shown[0]?.public_key ?? '', public_keys: shown };
}
