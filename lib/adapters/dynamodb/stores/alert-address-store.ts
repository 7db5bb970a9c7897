import type { AlertAddress } from '../../../domain/alert-address.ts';
import type { AlertAddressStore } from '../../../ports/alert-address-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { alertAddressKey } from '../layout/keys.ts';
import { fromRecordItem, hasVersion, toRecordItem } from '../layout/record-item.ts';

export class DynamoAlertAddressStore implements AlertAddressStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(tenantId: string): Promise<AlertAddress | undefined> {
    return fromRecordItem<AlertAddress>(await this.#config.get(alertAddressKey(tenantId)));
  }

  replaceIfVersion(alert: AlertAddress, version: string | undefined): Promise<boolean> {
    return this.#config.putIf(toRecordItem(alertAddressKey(alert.tenantId), alert), hasVersion(version));
  }

  remove(tenantId: string): Promise<void> {
    return this.#config.delete(alertAddressKey(tenantId));
  }
}
