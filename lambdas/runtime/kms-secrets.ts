import { checkedConfig } from '../../lib/adapters/dynamodb/layout/checked-config.ts';
import { DynamoDataKeyStore } from '../../lib/adapters/dynamodb/stores/data-key-store.ts';
import { createKmsClient } from '../../lib/adapters/kms/client.ts';
import { createKmsSecretBox } from '../../lib/adapters/kms/secret-box.ts';
import type { SecretBox } from '../../lib/ports/secret-box.ts';
import type { Deployment } from './deployment.ts';
import { documentClient } from './document-client.ts';
import { setting, tableName } from './settings.ts';

/** Seals with the data key of the month, which is in the table config, and opens with any. @throws SettingError */
export function openSecretBox(deployment: Deployment): SecretBox {
  const { clients, clock, random } = deployment;
  const keyId = setting(deployment, 'POSTRIDER_KMS_KEY_ID');
  const config = checkedConfig(documentClient(deployment), tableName(deployment, 'config'));
  const dataKeys = new DynamoDataKeyStore(config);
  return createKmsSecretBox({ client: clients.kms ?? createKmsClient(), keyId, dataKeys, clock, random });
}
