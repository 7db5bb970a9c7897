import { type Database, asFault } from './database.ts';

/** A transaction blocks the event loop while it runs. Writes beyond this number wait for the next one. */
const MAX_GROUP = 1000;

interface Write {
  perform(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { value: unknown } | { error: unknown };

/**
 * Runs all writes of one turn of the event loop in one transaction, so that they share one synchronization of the disk. A
 * promise settles after the commit, never before. A write that fails does not affect the others; a commit that fails
 * fails them all.
 */
export class GroupCommit {
  readonly #database: Database;
  #waiting: Write[] = [];
  #scheduled = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param statement changes the database by at most one statement, which SQLite itself rolls back when it fails
   * @throws ServiceFault when SQLite fails; other errors of `statement` unchanged
   */
  write<T>(statement: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ perform: statement, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Like {@link write}, for several statements that belong together: all are rolled back when one throws. */
  writeTogether<T>(statements: () => T): Promise<T> {
    return this.write(() => this.#inSavepoint(statements));
  }

  /** Commits all pending writes now, before the store closes. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commitGroup();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitGroup();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitGroup(): void {
    const group = this.#waiting.splice(0, MAX_GROUP);
    if (group.length === 0) return;
    try {
      settle(group, this.#inTransaction(group));
    } catch (error) {
      const fault = asFault(error);
      for (const write of group) write.reject(fault);
    }
  }

  #inTransaction(group: readonly Write[]): Outcome[] {
    this.#database.begin();
    try {
      const outcomes = group.map((write) => this.#contain(write));
      this.#database.commit();
      return outcomes;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.execute('ROLLBACK');
      throw error;
    }
  }

  /** A full disk or a failed read can make SQLite roll back the whole transaction, and with it every write. */
  #contain(write: Write): Outcome {
    try {
      return { value: write.perform() };
    } catch (error) {
      if (!this.#database.inTransaction) throw error;
      return { error: asFault(error) };
    }
  }

  #inSavepoint<T>(statements: () => T): T {
    this.#database.execute('SAVEPOINT several');
    try {
      const value = statements();
      this.#database.execute('RELEASE several');
      return value;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.execute('ROLLBACK TO several; RELEASE several');
      throw error;
    }
  }
}

function settle(group: readonly Write[], outcomes: readonly Outcome[]): void {
  outcomes.forEach((outcome, index) => {
    const write = group[index];
    if ('error' in outcome) write?.reject(outcome.error);
    else write?.resolve(outcome.value);
  });
}
