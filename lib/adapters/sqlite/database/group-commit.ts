import { ServiceFault } from '../../../domain/errors.ts';
import type { Database } from './database.ts';
import { DiskTurns } from './disk-turns.ts';
import { asFault } from './sqlite-errors.ts';
import { ALONE, type WriteTurns } from './write-turns.ts';

/** A transaction blocks the event loop while it runs. Writes beyond this number wait for the next one. */
const MAX_GROUP = 1000;
/**
 * How long this thread waits for its turn to write, in milliseconds, and how often it asks again after that. A turn takes
 * some milliseconds. One that takes longer stands in front of a disk that stalls, or is of a thread that has died, which
 * is heard of by nobody who waits; or SQLite has committed, and writes its log into the file, which keeps nobody from
 * writing.
 */
const LONGEST_WAIT_MS = 100;
const ASK_AGAIN_MS = 5;

/** What may begin as soon as a write is committed: nobody must be told of it before the write is safe. */
export interface EarlyWork {
  /** Is there any? Asked once the write is committed. */
  readonly isWaiting: boolean;
  /** @param safe settles once the commit is on the disk; rejects with a ServiceFault when it may not be */
  begin(safe: Promise<void>): void;
}

interface Write {
  perform(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  early: EarlyWork | undefined;
}

type Outcome = { value: unknown } | { error: unknown };

/**
 * Runs all writes of one turn of the event loop in one transaction, so that they share one synchronization of the disk:
 * also those that a write of it asks for, such as the receive of a message that was just sent. A promise settles once the
 * commit is on the disk, never before; this thread waits for a quick disk alone ({@link DiskTurns}), and not for other
 * threads that do not come to the end of their writes. A write that fails does not affect the others; a commit that fails
 * fails them all.
 */
export class GroupCommit {
  readonly #database: Database;
  /** Undefined: the database is in memory. */
  readonly #disk: DiskTurns | undefined;
  readonly #turns: WriteTurns;
  #waiting: Write[] = [];
  #scheduled = false;
  /** For the first of the waiting writes that has waited long enough. */
  #patience: { end: number; timer: NodeJS.Timeout } | undefined;

  /** @param turns among those who write the file */
  constructor(database: Database, turns: WriteTurns = ALONE) {
    this.#database = database;
    this.#turns = turns;
    this.#disk = database.disk && new DiskTurns(database.disk);
  }

  /**
   * @param statement changes the database by at most one statement, which SQLite itself rolls back when it fails
   * @param early what can begin before the write is safe: the disk is synchronized meanwhile
   * @throws ServiceFault when SQLite fails; other errors of `statement` unchanged
   */
  write<T>(statement: () => T, early?: EarlyWork): Promise<T> {
    const written = this.#queue(statement, early);
    this.#schedule();
    return written;
  }

  /**
   * Like {@link write}, for what is as well written a moment later: it waits so long for another write whose commit it can
   * share.
   * @param ms 0: as {@link write}
   */
  writeSoon<T>(ms: number, statement: () => T): Promise<T> {
    if (ms === 0) return this.write(statement);
    const written = this.#queue(statement);
    if (!this.#scheduled) this.#scheduleIn(ms);
    return written;
  }

  /** Like {@link write}, for several statements that belong together: all are rolled back when one throws. */
  writeTogether<T>(statements: () => T, early?: EarlyWork): Promise<T> {
    return this.write(() => this.#inSavepoint(statements), early);
  }

  /** {@link writeTogether} and {@link writeSoon} in one. */
  writeTogetherSoon<T>(ms: number, statements: () => T): Promise<T> {
    return this.writeSoon(ms, () => this.#inSavepoint(statements));
  }

  /** Commits all pending writes now, before the store closes. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commitGroup(() => this.#beginInAnyCase());
    this.#disk?.settleNow();
  }

  #queue<T>(statement: () => T, early?: EarlyWork): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ perform: statement, resolve: resolve as (value: unknown) => void, reject, early });
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#commitNext(LONGEST_WAIT_MS));
  }

  #commitNext(waitMs: number): void {
    // What its writes ask for meanwhile is in it.
    if (!this.#commitGroup(() => this.#begin(waitMs))) {
      setTimeout(() => this.#commitNext(0), ASK_AGAIN_MS);
      return;
    }
    this.#scheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  #scheduleIn(ms: number): void {
    const end = performance.now() + ms;
    if (this.#patience && this.#patience.end <= end) return;
    clearTimeout(this.#patience?.timer);
    this.#patience = { end, timer: setTimeout(() => this.#schedule(), ms) };
  }

  /** @returns false when it did not begin: what waits goes on waiting */
  #commitGroup(begin: () => boolean): boolean {
    clearTimeout(this.#patience?.timer);
    this.#patience = undefined;
    const group = this.#waiting.splice(0, MAX_GROUP);
    if (group.length === 0) return true;
    try {
      this.#beSure();
      const outcomes = this.#inTransaction(group, begin);
      if (outcomes) this.#settleOnceSafe(group, outcomes);
      else this.#waiting.unshift(...group);
      return outcomes !== undefined;
    } catch (error) {
      const fault = asFault(error);
      for (const write of group) write.reject(fault);
      return true;
    }
  }

  /** @returns false while another thread is writing */
  #begin(waitMs: number): boolean {
    if (!this.#turns.enter(waitMs)) return this.#database.tryBegin();
    this.#database.begin();
    return true;
  }

  /** Waits for others as SQLite itself does. */
  #beginInAnyCase(): boolean {
    this.#turns.enter(LONGEST_WAIT_MS);
    this.#database.begin();
    return true;
  }

  #settleOnceSafe(group: readonly Write[], outcomes: readonly Outcome[]): void {
    const disk = this.#disk;
    if (!disk) return settle(group, outcomes);
    const early = earlyWorkOf(group, outcomes);
    if (early.length === 0) return disk.whenSafe((failure) => settle(group, outcomes, failure));
    const safe = Promise.withResolvers<void>();
    // Whoever has begun may need nothing of it.
    safe.promise.catch(() => undefined);
    disk.whenSafe((failure) => {
      // What has begun leaves before the writes are answered.
      if (failure === undefined) safe.resolve();
      else safe.reject(notSafe(failure));
      settle(group, outcomes, failure);
    }, true);
    for (const work of early) work.begin(safe.promise);
  }

  /** @throws ServiceFault when the disk failed, and still does */
  #beSure(): void {
    try {
      this.#disk?.beSure();
    } catch (error) {
      throw notSafe(error);
    }
  }

  /**
   * @param group grows by the writes that its own ask for
   * @returns undefined when the transaction did not begin
   */
  #inTransaction(group: Write[], begin: () => boolean): Outcome[] | undefined {
    try {
      if (!begin()) return undefined;
      const outcomes: Outcome[] = [];
      for (const write of group) {
        outcomes.push(this.#contain(write));
        group.push(...this.#waiting.splice(0, MAX_GROUP - group.length));
      }
      this.#database.commit();
      return outcomes;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.execute('ROLLBACK');
      throw error;
    } finally {
      this.#turns.leave();
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
    this.#database.beginSeveral();
    try {
      const value = statements();
      this.#database.endSeveral();
      return value;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.undoSeveral();
      throw error;
    }
  }
}

/** Of the writes that did not fail. */
function earlyWorkOf(group: readonly Write[], outcomes: readonly Outcome[]): EarlyWork[] {
  const works: EarlyWork[] = [];
  for (const [index, { early }] of group.entries())
    if (early?.isWaiting && 'value' in (outcomes[index] as Outcome)) works.push(early);
  return works;
}

/** @param failure of the disk: nothing of the group may be there after a power cut */
function settle(group: readonly Write[], outcomes: readonly Outcome[], failure?: unknown): void {
  const fault = failure === undefined ? undefined : notSafe(failure);
  outcomes.forEach((outcome, index) => {
    const write = group[index];
    if (fault) write?.reject(fault);
    else if ('error' in outcome) write?.reject(outcome.error);
    else write?.resolve(outcome.value);
  });
}

function notSafe(cause: unknown): ServiceFault {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new ServiceFault(`The disk of the store failed: ${why}`, { cause });
}
