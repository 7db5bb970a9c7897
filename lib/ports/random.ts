/** Randomness as an argument: real in production, seeded in the simulator. */
export interface Random {
  /** A uniform number in [0, 1). */
  fraction(): number;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
}
