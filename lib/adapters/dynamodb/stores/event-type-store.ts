import type { EventType } from '../../../domain/event-type.ts';
import type { CatalogueOwner, EventTypeStore } from '../../../ports/event-type-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { takeFirst } from '../access/sorted-merge.ts';
import { eventTypeKey, eventTypesPk } from '../layout/keys.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';

/** Each catalogue is a partition: it has few items, and processes that check events remember them. */
export class DynamoEventTypeStore implements EventTypeStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(owner: CatalogueOwner, type: string): Promise<EventType | undefined> {
    return fromRecordItem<EventType>(await this.#config.get(eventTypeKey(owner, type)));
  }

  page(owner: CatalogueOwner, after: string | undefined, limit: number): Promise<EventType[]> {
    const pk = eventTypesPk(owner);
    const keys =
      after === undefined
        ? { text: '#pk = :pk', values: { ':pk': pk } }
        : { text: '#pk = :pk AND #sk > :after', values: { ':pk': pk, ':after': after } };
    const items = this.#config.query({ keys, pageSize: limit, consistent: true });
    return takeFirst(items, limit, (item) => fromRecordItem<EventType>(item));
  }

  putUnlessExists(eventType: EventType): Promise<boolean> {
    return this.#config.putIf(itemOf(eventType), { text: 'attribute_not_exists(#pk)' });
  }

  replaceIfExists(eventType: EventType): Promise<boolean> {
    return this.#config.putIf(itemOf(eventType), EXISTS);
  }

  async remove(owner: CatalogueOwner, type: string): Promise<void> {
    await this.#config.deleteIf(eventTypeKey(owner, type), EXISTS);
  }
}

const EXISTS = { text: 'attribute_exists(#pk)' };

function itemOf(eventType: EventType) {
  return toRecordItem(eventTypeKey(eventType.tenantId, eventType.type), eventType);
}
