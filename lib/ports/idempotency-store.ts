/** What an `Idempotency-Key` stands for. It never changes (docs/delivery-states.md, Idempotency). */
export interface IdempotencyRecord {
  tenantId: string;
  key: string;
  /** The id of an event, an endpoint, a job or a retry. */
  resourceId: string;
  /** Of the canonical validated body. */
  bodyHash: string;
  /** Milliseconds since the Unix epoch. */
  expiresAt: number;
}

export interface IdempotencyStore {
  /** Undefined when the claim was written (there was none, or an expired one); otherwise the existing claim. */
  claimUnlessTaken(claim: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined>;
}
