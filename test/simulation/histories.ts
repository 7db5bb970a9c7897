/** A run of the tests plays the histories of the seeds 1 to this. */
export const HISTORIES = 2000;
