import { RequestError } from '../../../domain/errors.ts';

/** A place in a list as the opaque text that callers pass back. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The reverse of {@link writeCursor}.
 * @param isPlace tells whether a value is a place in this list
 * @throws RequestError 400 for a text that is no cursor of this list
 */
export function readCursor<T>(cursor: string, isPlace: (value: unknown) => value is T): T {
  const place = parse(cursor);
  if (isPlace(place)) return place;
  throw new RequestError('invalid-cursor', 'This cursor is of another list. Start again without one.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
