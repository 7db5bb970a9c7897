/**
 * `npm run test:long` plays the longest suites whole: every crash point, all histories, many generated requests. `npm
 * test` plays a part of each, so that it takes minutes.
 */
export const isLong = process.env['POSTRIDER_TEST_LONG'] === '1';
