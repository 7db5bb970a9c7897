import type { SecondFactor } from '../../../domain/second-factor.ts';
import type { FactorOwner, SecondFactorStore } from '../../../ports/second-factor-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { secondFactorKey } from '../layout/keys.ts';
import { fromRecordItem, hasVersion, toRecordItem } from '../layout/record-item.ts';

export class DynamoSecondFactorStore implements SecondFactorStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(owner: FactorOwner): Promise<SecondFactor | undefined> {
    return fromRecordItem<SecondFactor>(await this.#config.get(secondFactorKey(owner)));
  }

  replaceIfVersion(factor: SecondFactor, version: string | undefined): Promise<boolean> {
    return this.#config.putIf(toRecordItem(secondFactorKey(factor.tenantId), factor), hasVersion(version));
  }

  async remove(owner: FactorOwner): Promise<void> {
    await this.#config.deleteIf(secondFactorKey(owner), { text: 'attribute_exists(#pk)' });
  }
}
