import type { Statement } from '../database/statement.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

/** How far a file was read. */
export interface SourcePosition {
  /** Bytes from its beginning: whatever lies before is accepted, or refused. */
  offset: number;
  /** A hash of its first bytes, up to the offset: another file in its place has another. */
  head: string;
}

/** Of the files that events are read from, by their paths. */
export class SqliteSourcePositions {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #get: Statement;
  readonly #put: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#get = database.prepare('SELECT position AS offset, head FROM source_positions WHERE source = :source');
    this.#put = database.prepare(
      `INSERT INTO source_positions (source, position, head) VALUES (:source, :offset, :head)
       ON CONFLICT DO UPDATE SET position = :offset, head = :head`,
    );
  }

  get(source: string): Promise<SourcePosition | undefined> {
    return this.#database.read(() => this.#get.get({ source }) as SourcePosition | undefined);
  }

  async put(source: string, { offset, head }: SourcePosition): Promise<void> {
    await this.#commits.write(() => this.#put.run({ source, offset, head }));
  }
}
