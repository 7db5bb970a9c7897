/** Set in a run of `npm run test:deployed:short`. */
const VARIABLE = 'POSTRIDER_TEST_DEPLOYED_SHORT';

export const SHORT_ENVIRONMENT = { [VARIABLE]: '1' };

/** Whether this run takes a share of the suites alone: then most rights go without a call. */
export const isShort = () => process.env[VARIABLE] === '1';
