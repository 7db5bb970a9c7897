import { createHash } from 'node:crypto';
import { readCursor as readPlace, writeCursor as writePlace } from '../../domain/cursor.ts';

/** A tenant's list with its filters: a cursor of one is refused by every other. */
export interface ListName {
  /** The id of its route. */
  route: string;
  tenantId: string;
  filters?: Readonly<Record<string, string | number | undefined>>;
}

/** An opaque text for a place in a list. */
export function writeCursor(list: ListName, place: string | undefined): string | null {
  return place === undefined ? null : writePlace([digestOf(list), place]);
}

/** @throws RequestError `invalid-cursor` for what {@link writeCursor} did not write for this list */
export function readCursor(list: ListName, cursor: string): string {
  const digest = digestOf(list);
  const isOfList = (value: unknown): value is [string, string] =>
    Array.isArray(value) && value[0] === digest && typeof value[1] === 'string';
  return readPlace(cursor, isOfList)[1];
}

function digestOf({ route, tenantId, filters = {} }: ListName): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return createHash('sha256')
    .update(JSON.stringify([route, tenantId, given.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('base64url')
    .slice(0, 8);
}
