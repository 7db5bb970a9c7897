import { DatabaseSync } from 'node:sqlite';
import type { Disk } from './disk-turns.ts';
import { makePrivate, restrictIfThere } from './private-file.ts';
import { bringUpToDate, requireThisVersion } from './schema-version.ts';
import { asFault, isBusy } from './sqlite-errors.ts';
import { Statement } from './statement.ts';
import { TurnReads } from './turn-reads.ts';
import { WalFile } from './wal-file.ts';

/** How long a statement waits for another process (a backup, a person's shell) before it fails. */
const BUSY_TIMEOUT_MS = 1000;
/** {@link BUSY_TIMEOUT_MS} of whoever joins another: that one commits all the time. */
const JOINING_TIMEOUT_MS = 10_000;
const CACHE_KIB = 16 * 1024;
/** {@link CACHE_KIB} of a connection beside another one, whose commits empty it. */
const JOINING_CACHE_KIB = 2 * 1024;
const CHECKPOINT_PAGES = 4000;

/** One open SQLite file with Postrider's schema. Statements that change it belong in a GroupCommit. */
export class Database {
  readonly #handle: DatabaseSync;
  readonly #timeout: number;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #reads: TurnReads;
  readonly #wal: WalFile | undefined;
  /** What makes a commit safe; undefined: it is in memory, or is not written. */
  readonly disk: Disk | undefined;

  /**
   * Opens the file, or creates it.
   * @param path a file, or `:memory:`
   * @param prepare gives the file its schema, or checks it
   * @throws Error when the file was written by a newer version
   */
  constructor(path: string, prepare = bringUpToDate, timeout = BUSY_TIMEOUT_MS) {
    if (path !== ':memory:') keepPrivate(path);
    this.#timeout = timeout;
    this.#handle = new DatabaseSync(path, { timeout, enableForeignKeyConstraints: true });
    try {
      configure(this.#handle);
      prepare(this.#handle, path);
      this.#begin = this.prepare('BEGIN IMMEDIATE');
      this.#commit = this.prepare('COMMIT');
      this.#savepoint = this.prepare('SAVEPOINT several');
      this.#release = this.prepare('RELEASE several');
      this.#reads = new TurnReads(this.#handle, this.prepare('BEGIN'), this.#commit);
      this.#wal = path === ':memory:' ? undefined : new WalFile(path);
      this.disk = this.#wal && this.#diskOf(this.#wal);
    } catch (error) {
      this.#handle.close();
      throw error;
    }
  }

  /**
   * Opens a file that another process or thread may be using, and leaves its schema as it is.
   * @throws Error when it is another version's
   */
  static join(path: string): Database {
    return new Database(path, requireVersionBeside, JOINING_TIMEOUT_MS);
  }

  prepare(sql: string): Statement {
    return new Statement(this.#handle, sql);
  }

  execute(sql: string): void {
    this.endReading();
    this.#handle.exec(sql);
  }

  begin(): void {
    this.endReading();
    this.#begin.run();
  }

  /** {@link begin} that waits for nobody. @returns false while another connection writes */
  tryBegin(): boolean {
    this.endReading();
    this.#handle.exec('PRAGMA busy_timeout = 0');
    try {
      this.#begin.run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      this.#handle.exec(`PRAGMA busy_timeout = ${this.#timeout}`);
    }
  }

  /** What is committed is safe once {@link disk} has synchronized it. */
  commit(): void {
    this.#commit.run();
  }

  /** Begins several statements that belong together, within a transaction. */
  beginSeveral(): void {
    this.#savepoint.run();
  }

  /** Ends what {@link beginSeveral} began. */
  endSeveral(): void {
    this.#release.run();
  }

  /** Undoes what was done since {@link beginSeveral}. */
  undoSeveral(): void {
    this.#handle.exec('ROLLBACK TO several; RELEASE several');
  }

  get inTransaction(): boolean {
    return this.#handle.isTransaction;
  }

  /**
   * Runs a read. Transactions that write begin and end within one synchronous step, so a read sees committed data only. The
   * reads of one turn of the event loop may see the same moment of it.
   * @throws ServiceFault when SQLite fails
   */
  async read<T>(query: () => T): Promise<T> {
    return this.readNow(query);
  }

  /** {@link read} for a caller that can't wait. */
  readNow<T>(query: () => T): T {
    try {
      this.#reads.note();
      return query();
    } catch (error) {
      throw asFault(error);
    }
  }

  /**
   * {@link read} of what many calls of one turn ask for: it is read once for all of them.
   * @param name what is asked for
   * @param query its answer is shared, and nobody changes it
   */
  async readOnce<T>(name: string, query: () => T): Promise<T> {
    const { known } = this.#reads;
    if (!known.has(name)) known.set(name, this.readNow(query));
    return known.get(name) as T;
  }

  /** What was {@link keep}t of the moment that the reads of this turn see. */
  kept<T>(name: string): T | undefined {
    return this.#reads.known.get(name) as T | undefined;
  }

  /**
   * Keeps what a read has found for others of the same turn.
   * @param value is shared, and nobody changes it
   */
  keep(name: string, value: unknown): void {
    this.#reads.known.set(name, value);
  }

  /** What is read after this call is as new as it: another thread may have told of a commit. */
  endReading(): void {
    this.#reads.end();
  }

  close(): void {
    if (this.#handle.isOpen) this.#handle.close();
    this.#wal?.close();
  }

  #diskOf(wal: WalFile): Disk {
    return {
      synchronize: () => wal.synchronize(),
      synchronizeNow: () => wal.synchronizeNow(),
      rewrite: () => this.#writeIntoFile(),
    };
  }

  /** Writes all that the log has into the file itself. @throws Error when that is not all there, and synchronized */
  #writeIntoFile(): void {
    this.endReading();
    const result = this.#handle.prepare('PRAGMA wal_checkpoint(FULL)').get() as { busy: number };
    if (result.busy !== 0) throw new Error('what it may have dropped could not be written again: the file is in use');
  }
}

/** The folder may be somebody's who lets others read it. */
function keepPrivate(path: string): void {
  makePrivate(path);
  restrictIfThere(`${path}-wal`);
  restrictIfThere(`${path}-shm`);
}

/**
 * A commit is in the log when it ends, and survives the end of this process. So that it survives a power cut, whoever
 * commits synchronizes the log and answers nobody before ({@link Database.disk}). With `synchronous = FULL` SQLite would do
 * that itself, and this thread would stand still meanwhile. What else has to be synchronized, SQLite does
 * (sqlite.org/pragma.html): the log before it goes into the file, the file before the log begins anew.
 */
function configure(handle: DatabaseSync): void {
  handle.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA cache_size = -${CACHE_KIB};
    PRAGMA temp_store = MEMORY;
  `);
}

function requireVersionBeside(handle: DatabaseSync, path: string): void {
  requireThisVersion(handle, path);
  handle.exec(`PRAGMA cache_size = -${JOINING_CACHE_KIB}`);
}
