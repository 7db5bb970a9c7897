import type {
  DatabaseSync,
  SQLInputValue,
  SQLOutputValue,
  StatementResultingChanges,
  StatementSync,
} from 'node:sqlite';

type Row = Record<string, SQLOutputValue>;
type Values = SQLInputValue[] | [named: Record<string, SQLInputValue>, ...SQLInputValue[]];

/**
 * A statement that SQLite compiles when it first runs. The stores have some two hundred, and one process needs a part of
 * them: compiling all took half of the time of opening a store.
 */
export class Statement {
  readonly #handle: DatabaseSync;
  readonly #sql: string;
  #compiled: StatementSync | undefined;

  constructor(handle: DatabaseSync, sql: string) {
    this.#handle = handle;
    this.#sql = sql;
  }

  run(...values: Values): StatementResultingChanges {
    return this.#statement().run(...(values as SQLInputValue[]));
  }

  get(...values: Values): Row | undefined {
    return this.#statement().get(...(values as SQLInputValue[]));
  }

  all(...values: Values): Row[] {
    return this.#statement().all(...(values as SQLInputValue[]));
  }

  iterate(...values: Values): NodeJS.Iterator<Row> {
    return this.#statement().iterate(...(values as SQLInputValue[]));
  }

  #statement(): StatementSync {
    return (this.#compiled ??= this.#handle.prepare(this.#sql));
  }
}
