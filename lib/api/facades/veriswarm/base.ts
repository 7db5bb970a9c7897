/** Of every call, without a slash at the end. */
export const VERISWARM_BASE = '/v1/public/providers/webhooks';

/** Where its customers send their key, alone. Lower case. */
export const VERISWARM_KEY_HEADER = 'x-account-access-token';
