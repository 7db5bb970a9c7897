import { RequestError } from './errors.ts';

/** A place in a list as the opaque text that callers pass back: the base64url of its JSON. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The reverse of {@link writeCursor}.
 * @param isPlace tells whether a value is a place in this list
 * @param refusal what to tell a caller, where the list is none of pages
 * @throws RequestError `invalid-cursor` for a text that is not a cursor of this list
 */
export function readCursor<T>(
  cursor: string,
  isPlace: (value: unknown) => value is T,
  refusal = '`cursor` is not from this list with these filters: pass the `next_cursor` of the previous page unchanged, or leave it off.',
): T {
  const place = parse(cursor);
  if (isPlace(place)) return place;
  throw new RequestError('invalid-cursor', refusal);
}

/** Undefined for what {@link writeCursor} cannot have written: it spells the same bytes in one way only. */
function parse(cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
