/** Where a job that goes through the lists of several statuses has come to: the list's index, and its cursor. */
export function readStatusPlace(cursor: string | undefined): [number, string] {
  return cursor === undefined ? [0, ''] : (JSON.parse(cursor) as [number, string]);
}
