import { DatabaseSync } from 'node:sqlite';
import { ServiceFault } from '../../../domain/errors.ts';
import type { Disk } from './disk-turns.ts';
import { makePrivate, restrictIfThere } from './private-file.ts';
import { CONVERSIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { Statement } from './statement.ts';
import { WalFile } from './wal-file.ts';

/** How long a statement waits for another process (a backup, a person's shell) before it fails. */
const BUSY_TIMEOUT_MS = 1000;
/** {@link BUSY_TIMEOUT_MS} of a process that joins another: that one commits all the time. */
const JOINING_TIMEOUT_MS = 10_000;
const CACHE_KIB = 16 * 1024;
/** {@link CACHE_KIB} of a connection that only reads: whatever another one commits empties it. */
const READING_CACHE_KIB = 1024;
const CHECKPOINT_PAGES = 4000;

/** One open SQLite file with Postrider's schema. Statements that change it belong in a GroupCommit. */
export class Database {
  readonly #handle: DatabaseSync;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #wal: WalFile | undefined;
  /** What makes a commit safe; undefined: it is in memory, or is not written. */
  readonly disk: Disk | undefined;

  /**
   * Opens the file, or creates it.
   * @param path a file, or `:memory:`
   * @param prepare gives the file its schema, or checks it
   * @throws Error when the file was written by a newer version
   */
  constructor(path: string, prepare = createSchema, timeout = BUSY_TIMEOUT_MS, readOnly = false) {
    if (path !== ':memory:') keepPrivate(path);
    this.#handle = new DatabaseSync(path, { timeout, readOnly, enableForeignKeyConstraints: true });
    try {
      configure(this.#handle);
      prepare(this.#handle, path);
      this.#begin = this.prepare('BEGIN IMMEDIATE');
      this.#commit = this.prepare('COMMIT');
      this.#savepoint = this.prepare('SAVEPOINT several');
      this.#release = this.prepare('RELEASE several');
      this.#wal = path === ':memory:' || readOnly ? undefined : new WalFile(path);
      this.disk = this.#wal && this.#diskOf(this.#wal);
    } catch (error) {
      this.#handle.close();
      throw error;
    }
  }

  /**
   * Opens a file that another process may be using, and leaves its schema as it is.
   * @throws Error when it is another version's
   */
  static join(path: string): Database {
    return new Database(path, requireSchema, JOINING_TIMEOUT_MS);
  }

  /** Opens a file that another thread of this process writes, to read only. @throws Error when it is another version's */
  static readBeside(path: string): Database {
    return new Database(path, requireSchemaToRead, JOINING_TIMEOUT_MS, true);
  }

  prepare(sql: string): Statement {
    return new Statement(this.#handle, sql);
  }

  execute(sql: string): void {
    this.#handle.exec(sql);
  }

  begin(): void {
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
   * Runs a read. Transactions begin and end within one synchronous step, so a read sees committed data only.
   * @throws ServiceFault when SQLite fails
   */
  async read<T>(query: () => T): Promise<T> {
    return this.readNow(query);
  }

  /** {@link read} for a caller that can't wait. */
  readNow<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw asFault(error);
    }
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

function requireSchemaToRead(handle: DatabaseSync, path: string): void {
  requireSchema(handle, path);
  handle.exec(`PRAGMA cache_size = -${READING_CACHE_KIB}`);
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
