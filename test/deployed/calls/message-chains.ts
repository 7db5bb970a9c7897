/** How often each function was called in the chain of messages that leads to something. */
type Lineage = ReadonlyMap<string, number>;

/** Lambda stops the next call of a function after so many in one chain. */
export const MAX_CALLS_IN_A_CHAIN = 16;

const NO_LINEAGE: Lineage = new Map();

/**
 * Counts as Lambda's loop detection does ("Use Lambda recursive loop detection to prevent infinite loops"): each call of a
 * function adds one to the lineage of the messages that it was called with, and what it sends inherits that. Of a batch
 * the longest counts, because Lambda does not say which message of a batch hands on its lineage.
 */
export class MessageChains {
  readonly #ofMessages = new Map<string, Lineage>();
  readonly #longest = new Map<string, number>();

  /**
   * @param received ids of the messages that the function was called with
   * @param sent ids of the messages that it sent
   */
  note(functionName: string, received: readonly string[], sent: readonly string[]): void {
    const before = received.map((id) => this.#ofMessages.get(id) ?? NO_LINEAGE);
    const lineage = addCall(functionName, before);
    const calls = lineage.get(functionName) ?? 0;
    this.#longest.set(functionName, Math.max(calls, this.#longest.get(functionName) ?? 0));
    for (const id of sent) this.#ofMessages.set(id, lineage);
  }

  /** Calls of each function in the longest chain that it was in. */
  get longest(): Record<string, number> {
    return Object.fromEntries(this.#longest);
  }
}

function addCall(functionName: string, before: readonly Lineage[]): Lineage {
  const merged = new Map<string, number>();
  for (const [name, count] of before.flatMap((one) => [...one])) {
    merged.set(name, Math.max(count, merged.get(name) ?? 0));
  }
  return merged.set(functionName, (merged.get(functionName) ?? 0) + 1);
}
