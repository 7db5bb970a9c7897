import type { DataKeyStore } from '../../../ports/data-key-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { dataKeyKey } from '../layout/keys.ts';

export class DynamoDataKeyStore implements DataKeyStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async find(period: string): Promise<string | undefined> {
    return (await this.#config.get(dataKeyKey(period)))?.wrapped as string | undefined;
  }

  async keepUnlessThere(period: string, wrapped: string): Promise<string> {
    const change = { text: 'SET #wrapped = if_not_exists(#wrapped, :wrapped)', values: { ':wrapped': wrapped } };
    // Without a condition, the update always answers the item.
    return (await this.#config.updateIf(dataKeyKey(period), change))?.wrapped as string;
  }
}
