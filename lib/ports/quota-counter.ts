/** Counts a tenant's events in a window of time, over all processes. */
export interface QuotaCounter {
  /**
   * Adds to a window's count, atomically.
   * @param window the window's number; a count is forgotten some time after its window
   * @returns the new count
   */
  add(tenantId: string, window: number, events: number): Promise<number>;
}
