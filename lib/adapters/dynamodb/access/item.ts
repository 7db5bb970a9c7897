/** The primary key of an item, in both tables. */
export interface ItemKey {
  pk: string;
  sk: string;
}

/** An item as the document client gives it. */
export type Item = ItemKey & Record<string, unknown>;
