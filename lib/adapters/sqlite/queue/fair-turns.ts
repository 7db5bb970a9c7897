/** Below this many groups the map is not worth a look. */
const PRUNE_FROM = 1000;

/**
 * Start-time fair queueing among the message groups of one queue: a ready message stands at a turn, and the lowest turn
 * is received first. A group's messages stand one turn apart, and a group that comes new stands at the virtual time, the
 * turn that was received last; so a long line of one group passes every other group one message for one.
 * (P. Goyal, H. Vin, H. Cheng: Start-time Fair Queuing, 1996.)
 */
export class FairTurns {
  readonly #lastTurns: Map<string, number>;
  #virtualTime: number;
  #pruneAt = PRUNE_FROM;

  /**
   * @param virtualTime the lowest turn at which a message waits; 0 when none does
   * @param lastTurns the highest turn of each group that waits
   */
  constructor(virtualTime: number, lastTurns: Iterable<readonly [string, number]>) {
    this.#virtualTime = virtualTime;
    this.#lastTurns = new Map(lastTurns);
  }

  /** The turn of a message of this group that has become ready. */
  next(group: string): number {
    const last = this.#lastTurns.get(group);
    const turn = last === undefined ? this.#virtualTime : Math.max(this.#virtualTime, last + 1);
    this.#lastTurns.set(group, turn);
    if (this.#lastTurns.size > this.#pruneAt) this.#prune();
    return turn;
  }

  /** A message that stood at this turn has been received. */
  received(turn: number): void {
    this.#virtualTime = Math.max(this.#virtualTime, turn);
  }

  /** A group whose last turn lies behind the virtual time stands where a new one would. */
  #prune(): void {
    for (const [group, turn] of this.#lastTurns) {
      if (turn < this.#virtualTime) this.#lastTurns.delete(group);
    }
    this.#pruneAt = Math.max(PRUNE_FROM, this.#lastTurns.size * 2);
  }
}
