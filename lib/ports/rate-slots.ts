/** Asks for a moment at which one request may start. */
export interface SlotRequest {
  tenantId: string;
  endpointId: string;
  /** The endpoint's generation: a newer one starts over, because its limit may have changed. */
  generation: number;
  /** Milliseconds between two requests; need not be whole. */
  intervalMs: number;
  /** Milliseconds since the Unix epoch. */
  now: number;
}

/** Spaces the requests of a rate-limited endpoint evenly, however many dispatchers there are (invariant 12). */
export interface RateSlots {
  /**
   * Reserves the next free slot of the endpoint, atomically: now, or the moment after the last one reserved.
   * @returns milliseconds since the Unix epoch, not before `now`
   */
  reserve(request: SlotRequest): Promise<number>;
}
