import { readCursor, writeCursor } from '../../../domain/cursor.ts';

/** A place in an ordered list: the sort key of a row. */
export type Position = readonly (string | number)[];

/**
 * The position that a page starts after.
 * @param start the position before the whole list, for a page without a cursor; a cursor must have the same shape
 * @throws RequestError `invalid-cursor` for a text that is not a cursor of this list
 */
export function positionAfter<T extends Position>(cursor: string | undefined, start: T): T {
  if (cursor === undefined) return start;
  const isPosition = (value: unknown): value is T =>
    Array.isArray(value) &&
    value.length === start.length &&
    value.every((part, index) => typeof part === typeof start[index]);
  return readCursor(cursor, isPosition);
}

/**
 * Cuts the rows that were read (one more than asked for, to see whether there is another page) to a page.
 * @returns the rows of the page, and the cursor of the next page, if there is one
 */
export function cutPage<T>(rows: readonly T[], limit: number, positionOf: (row: T) => Position): [T[], string?] {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length > limit && last !== undefined ? [page, writeCursor(positionOf(last))] : [page];
}
