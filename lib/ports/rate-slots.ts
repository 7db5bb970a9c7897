/** The input for a moment at which one request may start. */
export interface SlotRequest {
  tenantId: string;
  endpointId: string;
  /** The endpoint's generation: a newer one starts anew, since its limit may be another. */
  generation: number;
  /** Milliseconds between two requests; need not be whole. */
  intervalMs: number;
  /** Milliseconds since the Unix epoch. */
  now: number;
}

/** The requests of rate-limited endpoints, one after another at the limit's distance, however many dispatchers ask. */
export interface RateSlots {
  /**
   * Reserves the next free slot of the endpoint, atomically: now, or the moment after the last one reserved.
   * @returns milliseconds since the Unix epoch, not before `now`
   */
  reserve(request: SlotRequest): Promise<number>;
}
