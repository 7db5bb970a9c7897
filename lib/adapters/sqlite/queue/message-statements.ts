import type { Database } from '../database/database.ts';
import type { Statement } from '../database/statement.ts';

/** Rows of one insertion: a statement for them takes half as long as one for each. */
export const ROWS_AT_ONCE = 16;
/** How long a message of a thread that has died waits at most, seconds: 1, 2, 4 …, by its receives. */
const LONGEST_WAIT_SECONDS = 900;

/** On the messages of all queues. */
export type MessageStatements = Record<
  | 'insert'
  | 'insertMany'
  | 'insertReceived'
  | 'insertReceivedMany'
  | 'awake'
  | 'promote'
  | 'ready'
  | 'markReceived'
  | 'drop'
  | 'move'
  | 'hide'
  | 'receivedAt'
  | 'remove'
  | 'removeMany'
  | 'recover'
  | 'recoverOf',
  Statement
>;

export function prepareMessageStatements(database: Database): MessageStatements {
  return {
    insert: database.prepare(insertOf(1)),
    insertMany: database.prepare(insertOf(ROWS_AT_ONCE)),
    insertReceived: database.prepare(insertReceivedOf(1)),
    insertReceivedMany: database.prepare(`${insertReceivedOf(ROWS_AT_ONCE)} RETURNING id, row`),
    awake: database.prepare(
      `SELECT row, message_group FROM messages WHERE queue = ? AND state <> 'ready' AND visible_at <= ?
       ORDER BY visible_at LIMIT ?`,
    ),
    promote: database.prepare(`UPDATE messages SET state = 'ready', turn = ? WHERE row = ?`),
    ready: database.prepare(
      `SELECT row, id, message_group, body, sent_at, turn, receive_count FROM messages
       WHERE queue = ? AND state = 'ready' ORDER BY turn LIMIT ?`,
    ),
    markReceived: database.prepare(
      `UPDATE messages SET state = 'in-flight', receipt = ?, received_at = ?, visible_at = ?,
         receive_count = receive_count + 1 WHERE row IN (SELECT value FROM json_each(?))`,
    ),
    drop: database.prepare('DELETE FROM messages WHERE row = ?'),
    move: database.prepare(
      `UPDATE messages SET queue = :to, turn = :turn, sent_at = :now, visible_at = :now, receive_count = 0, receipt = NULL
       WHERE row = :row`,
    ),
    hide: database.prepare(
      `UPDATE messages SET state = 'hidden', visible_at = ?
       WHERE row = ? AND queue = ? AND receipt = ? AND state <> 'ready' AND visible_at > ?`,
    ),
    receivedAt: database.prepare('SELECT received_at FROM messages WHERE row = ? AND queue = ? AND receipt = ?'),
    remove: database.prepare('DELETE FROM messages WHERE row = ? AND queue = ? AND receipt = ?'),
    removeMany: database.prepare(
      'DELETE FROM messages WHERE row IN (SELECT value FROM json_each(?)) AND queue = ? AND receipt = ?',
    ),
    recover: database.prepare(`UPDATE messages SET visible_at = ? WHERE state = 'in-flight'`),
    recoverOf: database.prepare(
      `UPDATE messages SET visible_at = :now + 1000 * min(1 << min(receive_count - 1, 10), ${LONGEST_WAIT_SECONDS})
       WHERE state = 'in-flight' AND receipt GLOB :receipts`,
    ),
  };
}

/** The parameters that all rows share, and then those of each row. */
const insertOf = (rows: number) => `
  INSERT INTO messages (queue, sent_at, id, message_group, body, state, turn, visible_at)
  VALUES ${rowsOf(rows, (row) => `(?1, ?2, ${numbered(3 + 6 * row, 6)})`)}`;

const insertReceivedOf = (rows: number) => `
  INSERT INTO messages
    (queue, sent_at, visible_at, receipt, state, turn, received_at, receive_count, id, message_group, body)
  VALUES ${rowsOf(rows, (row) => `(?1, ?2, ?3, ?4, 'in-flight', 0, ?2, 1, ${numbered(5 + 3 * row, 3)})`)}`;

function rowsOf(rows: number, values: (row: number) => string): string {
  return Array.from({ length: rows }, (_, row) => values(row)).join(', ');
}

function numbered(first: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `?${first + index}`).join(', ');
}
