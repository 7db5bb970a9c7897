import { RequestError } from '../../../domain/errors.ts';

/** A place in an ordered list: the sort key of the last row that was answered. */
export type Position = readonly (string | number)[];

/** A position as the opaque text that callers pass back. */
function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * The reverse of {@link writeCursor}.
 * @param start an example of the expected position: where the list begins, answered when there is no cursor
 * @throws RequestError 400 for a text that is no cursor of this list
 */
export function readCursor<T extends Position>(cursor: string | undefined, start: T): T {
  if (cursor === undefined) return start;
  const position = parse(cursor);
  if (!Array.isArray(position) || position.length !== start.length) throw badCursor();
  if (position.some((part, index) => typeof part !== typeof start[index])) throw badCursor();
  return position as unknown as T;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function badCursor(): RequestError {
  return new RequestError('invalid-cursor', 'This cursor is of another list. Start again without one.');
}

/**
 * Cuts what was read (one row more than asked for, to see whether there is more) to a page.
 * @returns the rows of the page, and the cursor of the next, if there is one
 */
export function cutPage<T>(rows: readonly T[], limit: number, positionOf: (row: T) => Position): [T[], string?] {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length > limit && last !== undefined ? [page, writeCursor(positionOf(last))] : [page];
}
