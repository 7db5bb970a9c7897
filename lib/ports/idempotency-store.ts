/** Which event an `Idempotency-Key` stands for. It never changes (docs/delivery-states.md, Ingest). */
export interface Claim {
  tenantId: string;
  key: string;
  eventId: string;
  /** Of the canonical validated body. */
  bodyHash: string;
  /** Milliseconds since the Unix epoch. */
  expiresAt: number;
}

export interface IdempotencyStore {
  /** Undefined when the claim is now ours (none was there, or an expired one); otherwise the one that is there. */
  claimUnlessTaken(claim: Claim, now: number): Promise<Claim | undefined>;
}
