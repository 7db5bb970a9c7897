import type { ApiKey, ApiKeyStore } from '../../../ports/api-key-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { apiKeyKey } from '../layout/keys.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';

export class DynamoApiKeyStore implements ApiKeyStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async find(hash: string): Promise<ApiKey | undefined> {
    return fromRecordItem<ApiKey>(await this.#config.get(apiKeyKey(hash)));
  }

  async put(key: ApiKey): Promise<void> {
    await this.#config.put(toRecordItem(apiKeyKey(key.hash), key));
  }
}
