import { createKmsClient } from '../../lib/adapters/kms/client.ts';
import { createKmsSecretBox } from '../../lib/adapters/kms/secret-box.ts';
import type { SecretBox } from '../../lib/ports/secret-box.ts';
import type { Deployment } from './deployment.ts';
import { setting } from './settings.ts';

/** Seals and opens with the deployment's key. @throws SettingError */
export function openSecretBox(deployment: Deployment): SecretBox {
  const { clients, clock, random } = deployment;
  const keyId = setting(deployment, 'POSTRIDER_KMS_KEY_ID');
  return createKmsSecretBox({ client: clients.kms ?? createKmsClient(), keyId, clock, random });
}
