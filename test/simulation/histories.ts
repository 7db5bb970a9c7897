import { isLong } from '../support/extent.ts';

/** `npm run test:long` plays the histories of the seeds 1 to this, and `npm run mutants` searches in them. */
export const HISTORIES = 2000;

/** Those that this run of the tests plays. */
export const HISTORIES_PLAYED = isLong ? HISTORIES : 200;
