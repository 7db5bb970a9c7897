import { createHash } from 'node:crypto';
import { RequestError } from '../../domain/errors.ts';

/** A list with its filters: a cursor of one is refused by every other. */
export interface ListName {
  /** The id of its route. */
  route: string;
  filters?: Readonly<Record<string, string | number | undefined>>;
}

/** An opaque text for a place in a list. */
export function writeCursor(list: ListName, place: string | undefined): string | null {
  return place === undefined ? null : Buffer.from(`${digestOf(list)} ${place}`).toString('base64url');
}

/** @throws RequestError `invalid-cursor` for what {@link writeCursor} did not write for this list */
export function readCursor(list: ListName, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.toString();
  const prefix = `${digestOf(list)} `;
  if (bytes.toString('base64url') === cursor && text.startsWith(prefix)) return text.slice(prefix.length);
  throw new RequestError(
    'invalid-cursor',
    '`cursor` is not from this list with these filters: pass the `next_cursor` of the page before unchanged, or leave it off.',
  );
}

function digestOf({ route, filters = {} }: ListName): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return createHash('sha256')
    .update(JSON.stringify([route, given.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('base64url')
    .slice(0, 8);
}
