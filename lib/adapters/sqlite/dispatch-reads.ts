import type { Clock } from '../../ports/clock.ts';
import type { DispatchReader } from '../../ports/dispatch-reader.ts';
import { Database } from './database/database.ts';
import { logHorizon } from './database/log-lifetime.ts';
import { SqliteDispatchReader } from './stores/dispatch-reader.ts';

/** What dispatch reads, by a connection of its own. */
export interface DispatchReads {
  reader: DispatchReader;
  close(): void;
}

/**
 * For a thread beside the one that writes. Each read is a transaction, so it sees whatever was committed before it began.
 * @param logTtlMs how long the log is kept
 * @throws Error when the file is not there, or has another version's schema
 */
export function openDispatchReader(path: string, clock: Clock, logTtlMs: number): DispatchReads {
  const database = Database.readBeside(path);
  return { reader: new SqliteDispatchReader(database, logHorizon(clock, logTtlMs)), close: () => database.close() };
}
