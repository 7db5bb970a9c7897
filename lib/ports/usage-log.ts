import { DAY } from '../domain/durations.ts';
import type { DayUsage, Usage } from '../domain/usage.ts';

/** How long a day's usage is kept. */
export const USAGE_KEPT_MS = 400 * DAY;

/** What each tenant used on each day. */
export interface UsageLog {
  /**
   * Adds to what was counted of a day. @param day in UTC: `2026-02-06`
   * @throws ServiceFault: it may have been added all the same
   */
  add(tenantId: string, day: string, used: Usage): Promise<void>;
  /** The days with any usage, ascending. @param first and @param last are among them */
  days(tenantId: string, first: string, last: string): Promise<DayUsage[]>;
}
