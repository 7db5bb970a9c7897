/** Below this number of groups, pruning is not worth its cost. */
const PRUNE_FROM = 1000;

/** The turn that was received last. It never goes back. */
export interface VirtualTime {
  now: number;
}

/**
 * Start-time fair queueing among the message groups of one queue. Each ready message has a turn, and the lowest turn is
 * received first. The messages of a group are one turn apart, and a new group starts at the virtual time, the turn that
 * was received last. So a group with a long backlog alternates with every other group.
 * (P. Goyal, H. Vin, H. Cheng: Start-time Fair Queuing, 1996.)
 */
export class FairTurns {
  readonly #lastTurns: Map<string, number>;
  readonly #virtualTime: VirtualTime;
  #pruneAt = PRUNE_FROM;

  /**
   * @param firstTurn the lowest turn of a ready message; 0 without one
   * @param lastTurns the highest turn of each group with ready messages
   * @param virtualTime threads that use the same queue share it
   */
  constructor(
    firstTurn: number,
    lastTurns: Iterable<readonly [string, number]>,
    virtualTime: VirtualTime = { now: 0 },
  ) {
    this.#virtualTime = virtualTime;
    this.received(firstTurn);
    this.#lastTurns = new Map(lastTurns);
  }

  /** The turn of a message of this group that has become ready. */
  next(group: string): number {
    const last = this.#lastTurns.get(group);
    const turn = last === undefined ? this.#virtualTime.now : Math.max(this.#virtualTime.now, last + 1);
    this.#lastTurns.set(group, turn);
    if (this.#lastTurns.size > this.#pruneAt) this.#prune();
    return turn;
  }

  /** How many turns the group has before its next one: about as many messages of it are ready. */
  aheadOf(group: string): number {
    const last = this.#lastTurns.get(group) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, last - this.#virtualTime.now);
  }

  /** The message with this turn was received. */
  received(turn: number): void {
    if (turn > this.#virtualTime.now) this.#virtualTime.now = turn;
  }

  /** A group whose last turn is before the virtual time needs no entry: it starts like a new one. */
  #prune(): void {
    for (const [group, turn] of this.#lastTurns) {
      if (turn < this.#virtualTime.now) this.#lastTurns.delete(group);
    }
    this.#pruneAt = Math.max(PRUNE_FROM, this.#lastTurns.size * 2);
  }
}
