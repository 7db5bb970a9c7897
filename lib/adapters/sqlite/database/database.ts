import { DatabaseSync } from 'node:sqlite';
import { ServiceFault } from '../../../domain/errors.ts';
import type { Disk } from './disk-turns.ts';
import { makePrivate, restrictIfThere } from './private-file.ts';
import { CONVERSIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { Statement } from './statement.ts';
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
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #beginReading: Statement;
  readonly #wal: WalFile | undefined;
  /** Reads since this turn of the event loop has begun. */
  #readsOfTurn = 0;
  #isReading = false;
  /** What was read in this turn by {@link readOnce}, or kept by {@link keep}. */
  readonly #known = new Map<string, unknown>();
  /** What makes a commit safe; undefined: it is in memory, or is not written. */
  readonly disk: Disk | undefined;

  /**
   * Opens the file, or creates it.
   * @param path a file, or `:memory:`
   * @param prepare gives the file its schema, or checks it
   * @throws Error when the file was written by a newer version
   */
  constructor(path: string, prepare = createSchema, timeout = BUSY_TIMEOUT_MS) {
    if (path !== ':memory:') keepPrivate(path);
    this.#handle = new DatabaseSync(path, { timeout, enableForeignKeyConstraints: true });
    try {
      configure(this.#handle);
      prepare(this.#handle, path);
      this.#begin = this.prepare('BEGIN IMMEDIATE');
      this.#beginReading = this.prepare('BEGIN');
      this.#commit = this.prepare('COMMIT');
      this.#savepoint = this.prepare('SAVEPOINT several');
      this.#release = this.prepare('RELEASE several');
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
    return new Database(path, requireSchemaBeside, JOINING_TIMEOUT_MS);
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
   * reads of one turn of the event loop may see the same moment of it: to begin and to end a transaction costs more than to
   * find a row.
   * @throws ServiceFault when SQLite fails
   */
  async read<T>(query: () => T): Promise<T> {
    return this.readNow(query);
  }

  /** {@link read} for a caller that can't wait. */
  readNow<T>(query: () => T): T {
    try {
      this.#noteRead();
      return query();
    } catch (error) {
      throw asFault(error);
    }
  }

  close(): void {
    if (this.#handle.isOpen) this.#handle.close();
    this.#wal?.close();
  }

  /**
   * {@link read} of what many calls of one turn ask for: it is read once for all of them.
   * @param name what is asked for
   * @param query its answer is shared, and nobody changes it
   */
  async readOnce<T>(name: string, query: () => T): Promise<T> {
    if (!this.#known.has(name)) this.#known.set(name, this.readNow(query));
    return this.#known.get(name) as T;
  }

  /** What was {@link keep}t of the moment that the reads of this turn see. */
  kept<T>(name: string): T | undefined {
    return this.#known.get(name) as T | undefined;
  }

  /**
   * Keeps what a read has found for others of the same turn.
   * @param value is shared, and nobody changes it
   */
  keep(name: string, value: unknown): void {
    this.#known.set(name, value);
  }

  /** The second read of a turn begins a transaction for those that follow: most turns of an idle service have one. */
  #noteRead(): void {
    this.#readsOfTurn += 1;
    if (this.#readsOfTurn === 1) setImmediate(() => this.#endTurn());
    if (this.#readsOfTurn !== 2 || this.#handle.isTransaction) return;
    this.#beginReading.run();
    this.#isReading = true;
  }

  #endTurn(): void {
    this.#readsOfTurn = 0;
    this.endReading();
  }

  /** What is read after this call is as new as it: another thread may have told of a commit. */
  endReading(): void {
    this.#known.clear();
    if (!this.#isReading) return;
    this.#isReading = false;
    // A read that failed may have ended it (sqlite.org/lang_transaction.html).
    if (this.#handle.isOpen && this.#handle.isTransaction) this.#commit.run();
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

/** Wraps an error of SQLite in a ServiceFault, as its cause. Returns every other error unchanged. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_SQLITE_ERROR') return new ServiceFault(`SQLite: ${error.message}`, { cause: error });
  if (error.code === 'ERR_INVALID_STATE') return new ServiceFault('The store is closed.', { cause: error });
  return error;
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

function versionOf(handle: DatabaseSync): number {
  return Number(handle.prepare('PRAGMA user_version').get()?.user_version);
}

function requireSchema(handle: DatabaseSync, path: string): void {
  const found = versionOf(handle);
  if (found === SCHEMA_VERSION) return;
  throw new Error(
    `${path} has schema ${found}, and this version of Postrider has schema ${SCHEMA_VERSION}: use the version that is running.`,
  );
}

function requireSchemaBeside(handle: DatabaseSync, path: string): void {
  requireSchema(handle, path);
  handle.exec(`PRAGMA cache_size = -${JOINING_CACHE_KIB}`);
}

function createSchema(handle: DatabaseSync, path: string): void {
  const found = versionOf(handle);
  if (found > SCHEMA_VERSION)
    throw new Error(
      `${path} has schema ${found}, but this version of Postrider reads schema ${SCHEMA_VERSION} or older: start the version that wrote it, or a newer one.`,
    );
  const earlier = found === 0 ? [] : Array.from({ length: SCHEMA_VERSION - found }, (_, index) => found + index);
  const conversion = earlier.map((version) => CONVERSIONS[version]).join('');
  handle.exec(`BEGIN IMMEDIATE; ${conversion} ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}
