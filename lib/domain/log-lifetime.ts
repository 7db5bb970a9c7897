const DAY_MS = 24 * 3600 * 1000;

/** How long the log keeps events, deliveries and jobs, unless a deployment says otherwise. */
export const DEFAULT_LOG_TTL_DAYS = 30;
export const DEFAULT_LOG_TTL_MS = DEFAULT_LOG_TTL_DAYS * DAY_MS;
