/** Who is working, or has worked, on an `Idempotency-Key` (protocol A3). Times are milliseconds since the Unix epoch. */
export interface Claim {
  tenantId: string;
  key: string;
  eventId: string;
  /** Of the canonical validated body. */
  bodyHash: string;
  /** Names one holder; a take-over writes its own. */
  leaseToken: string;
  leaseUntil: number;
  /** The answer that was given; absent while the holder is at work. */
  deliveries?: number;
  expiresAt: number;
}

export interface IdempotencyClaims {
  /** Undefined when the claim is now ours (none was there, or an expired one); otherwise the one that is there. */
  claimUnlessTaken(claim: Claim, now: number): Promise<Claim | undefined>;
  /** Replaces the claim whose lease token was `leaseToken`; false when another did so first. */
  takeOverIfHeldBy(claim: Claim, leaseToken: string): Promise<boolean>;
  /** Notes the answer; false when the lease has been taken over. */
  finishIfHeldBy(claim: Claim, deliveries: number): Promise<boolean>;
}
