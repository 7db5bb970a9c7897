import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';

test('a read that fails as a broken disk lets it, within the reads of a turn, fails alone', async () => {
  const database = new Database(':memory:');
  const one = database.prepare('SELECT 1 AS one');
  // SQLite ends the whole transaction when it can't read (sqlite.org/lang_transaction.html, 3.1).
  const rollback = database.prepare('ROLLBACK');
  const reads = [
    database.read(() => one.get()),
    database.read(() => one.get()),
    database.read(() => {
      rollback.run();
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
    }),
    database.read(() => one.get()),
  ];
  expect((await Promise.allSettled(reads)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  // What the end of the turn throws, nobody catches.
  await turn();
  await turn();
  await expect(database.read(() => one.get())).resolves.toEqual({ one: 1 });
  database.close();
});
