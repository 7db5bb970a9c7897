import { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../lib/domain/event.ts';

/** Opens a store, and tells by which connection it does so. */
export function openWithConnection<Store>(open: () => Store): { store: Store; connection: DatabaseSync } {
  const { exec } = DatabaseSync.prototype;
  const connections: DatabaseSync[] = [];
  DatabaseSync.prototype.exec = function noting(this: DatabaseSync, sql: string) {
    connections.push(this);
    return exec.call(this, sql);
  };
  try {
    const store = open();
    const [connection] = connections;
    if (!connection) throw new Error('The store has opened no connection.');
    return { store, connection };
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
}

/** Takes back what the disk did not have yet. */
export class PowerCuts {
  readonly #connection: DatabaseSync;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** A number that changes with each commit. */
  get commits(): number {
    const row = this.#connection.prepare('SELECT total_changes() AS changes').get();
    return Number(row?.changes);
  }

  /**
   * An event and its messages, which are one commit.
   * @param commits as they were just after it. A later commit may be on the disk: then it is there too
   * @returns whether it is gone
   */
  takeBack({ id, tenantId }: Event, commits: number): boolean {
    if (this.commits !== commits || this.#connection.isTransaction) return false;
    this.#connection.prepare('DELETE FROM events WHERE tenant = ? AND id = ?').run(tenantId, id);
    this.#connection.prepare('DELETE FROM messages WHERE instr(body, ?) > 0').run(id);
    return true;
  }
}
