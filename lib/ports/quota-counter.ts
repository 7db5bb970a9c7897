/** What is counted, each by itself: events that are posted, tests of endpoints, alerts, and their mails. */
export type Counted = 'events' | 'tests' | 'alerts' | 'mails';

/** Counts what a tenant does in a window of time, over all processes. */
export interface QuotaCounter {
  /**
   * Adds to a window's count, atomically.
   * @param window the window's number, which never falls; a count is forgotten some time after its window
   * @param count below 0: takes back what was counted
   * @param of default: `events`
   * @returns the new count
   */
  add(tenantId: string, window: number, count: number, of?: Counted): Promise<number>;
}
