import { DAY } from './durations.ts';

/** How long the log keeps events, deliveries and jobs, unless a deployment says otherwise. */
export const DEFAULT_LOG_TTL_DAYS = 30;
export const DEFAULT_LOG_TTL_MS = DEFAULT_LOG_TTL_DAYS * DAY;
