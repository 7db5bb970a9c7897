/** Where a job that goes through the lists of several statuses has come to: the list's index, and its cursor. */
type StatusPlace = [list: number, cursor: string];

/** @param cursor a job's; absent: it begins */
export function readStatusPlace(cursor: string | undefined): StatusPlace {
  return cursor === undefined ? [0, ''] : (JSON.parse(cursor) as StatusPlace);
}

/**
 * The cursor of a job after a page of a list.
 * @param next that list's next page; undefined after its last one
 */
export function placeAfter(list: number, next: string | undefined): string {
  const place: StatusPlace = next === undefined ? [list + 1, ''] : [list, next];
  return JSON.stringify(place);
}
