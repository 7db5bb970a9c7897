import type { Expression } from '../access/document-table.ts';
import type { Item, ItemKey } from '../access/item.ts';
import { LOG_TABLE, TTL_ATTRIBUTE } from './tables.ts';

const indexKeys = LOG_TABLE.indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey.name, sortKey.name]);
const OF_THE_ITEM = new Set(['pk', 'sk', TTL_ATTRIBUTE, ...indexKeys]);

/** Stores a record under its fields' own names: for kinds of which there are few, or that are rarely written. */
export function toRecordItem(key: ItemKey, record: object, extras: Readonly<Record<string, unknown>> = {}): Item {
  return { ...record, ...extras, ...key };
}

/** The reverse of {@link toRecordItem}; undefined for undefined. */
export function fromRecordItem<T>(item: Item | undefined): T | undefined {
  if (!item) return undefined;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !OF_THE_ITEM.has(name))) as T;
}

/** The condition that the stored record has this version; undefined: that there is none. */
export function hasVersion(version: string | undefined): Expression {
  return version === undefined
    ? { text: 'attribute_not_exists(#pk)' }
    : { text: '#version = :version', values: { ':version': version } };
}
