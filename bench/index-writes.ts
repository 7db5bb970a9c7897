import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { IndexDescription } from '../lib/adapters/dynamodb/layout/tables.ts';

/** An item in DynamoDB's own form. */
export type StoredItem = Record<string, AttributeValue>;

/**
 * The write units that one change of an item costs in a table's indexes. An entry of a keys-only index is far below
 * 1 KB, and so one unit: to put it, to take it away, and two when its keys change (Amazon DynamoDB Developer Guide:
 * Using Global Secondary Indexes, write considerations). An item without both keys has no entry.
 */
export function indexWriteUnits(
  indexes: readonly IndexDescription[],
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): number {
  return indexes.reduce((sum, index) => sum + unitsOf(entryOf(index, before), entryOf(index, after)), 0);
}

function unitsOf(before: string | undefined, after: string | undefined): number {
  if (before === after) return 0;
  return (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1);
}

function entryOf({ partitionKey, sortKey }: IndexDescription, item: StoredItem | undefined): string | undefined {
  const keys = [item?.[partitionKey.name], item?.[sortKey.name]];
  return keys.includes(undefined) ? undefined : JSON.stringify(keys);
}
