/** Set in a run of `npm run test:deployed:short`. */
const SHORT = 'POSTRIDER_TEST_DEPLOYED_SHORT';
/** Set to the only stack that a run has. */
const STACK = 'POSTRIDER_TEST_DEPLOYED_STACK';

export const SHORT_ENVIRONMENT = { [SHORT]: '1' };
export const stackEnvironment = (name: string) => ({ [STACK]: name });

/** Whether this run takes a share of the suites alone: then most rights go without a call. */
export const isShort = () => process.env[SHORT] === '1';

/** The only stack of this run; undefined: it has all that its suites are about. */
export const onlyStack = () => process.env[STACK];
