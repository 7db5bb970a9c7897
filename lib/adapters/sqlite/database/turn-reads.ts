import type { DatabaseSync } from 'node:sqlite';
import type { Statement } from './statement.ts';

/**
 * The reads of one turn of the event loop. They may see the same moment of the database: to begin and to end a transaction
 * costs more than to find a row (docs/adr/0106-the-reads-of-a-turn-are-one-transaction.md).
 */
export class TurnReads {
  readonly #handle: DatabaseSync;
  readonly #begin: Statement;
  readonly #commit: Statement;
  /** Since this turn has begun. */
  #count = 0;
  #inTransaction = false;
  /** What was read of the moment that the reads of this turn see. */
  readonly known = new Map<string, unknown>();

  /** @param commit ends the transaction of the reads */
  constructor(handle: DatabaseSync, begin: Statement, commit: Statement) {
    this.#handle = handle;
    this.#begin = begin;
    this.#commit = commit;
  }

  /**
   * Called before each read. The second one of a turn begins a transaction for those that follow: most turns of an idle
   * service have one.
   */
  note(): void {
    this.#count += 1;
    if (this.#count === 1) setImmediate(() => this.#endTurn());
    if (this.#count !== 2 || this.#handle.isTransaction) return;
    this.#begin.run();
    this.#inTransaction = true;
  }

  /** What is read after this call is as new as it. */
  end(): void {
    this.known.clear();
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    // A read that failed may have ended it (sqlite.org/lang_transaction.html).
    if (this.#handle.isOpen && this.#handle.isTransaction) this.#commit.run();
  }

  #endTurn(): void {
    this.#count = 0;
    this.end();
  }
}
