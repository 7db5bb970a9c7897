import type { Job } from '../../domain/job.ts';

/**
 * Where a job has come to that goes through more than one list, as its cursor keeps it.
 * @param first where it begins
 */
export function placeOf<Place extends readonly unknown[]>({ cursor }: Pick<Job, 'cursor'>, first: Place): Place {
  return cursor === undefined ? first : (JSON.parse(cursor) as Place);
}

/** The cursor that {@link placeOf} reads. */
export function cursorAt<Place extends readonly unknown[]>(place: Place): string {
  return JSON.stringify(place);
}

/** In the lists of several statuses: the list's index, and its cursor. */
type StatusPlace = [list: number, cursor: string];

export function statusPlaceOf(job: Pick<Job, 'cursor'>): StatusPlace {
  return placeOf<StatusPlace>(job, [0, '']);
}

/**
 * The cursor of a job after a page of the list of one status.
 * @param next that list's next page; undefined after its last one
 */
export function cursorAfter(list: number, next: string | undefined): string {
  return cursorAt<StatusPlace>(next === undefined ? [list + 1, ''] : [list, next]);
}
