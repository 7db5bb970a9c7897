/** Counts events of a tenant in a window of time, over all processes that take them in. */
export interface QuotaCounter {
  /**
   * Adds to a window's count, atomically.
   * @param window the window's number; a count is forgotten some time after its window
   * @returns what is then counted
   */
  add(tenantId: string, window: number, events: number): Promise<number>;
}
