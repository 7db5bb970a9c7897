import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Statement } from '../../../../lib/adapters/sqlite/database/statement.ts';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import { systemClock } from '../../../../lib/adapters/system/system-clock.ts';

let handle: DatabaseSync;
beforeEach(() => {
  handle = new DatabaseSync(':memory:');
  handle.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)');
});
afterEach(() => {
  handle.close();
  vi.restoreAllMocks();
});

test('a statement is compiled when it first runs, and once', () => {
  const prepare = vi.spyOn(handle, 'prepare');
  const count = new Statement(handle, 'SELECT count(*) AS n FROM things');
  expect(prepare).not.toHaveBeenCalled();
  expect([count.get(), count.get()]).toEqual([{ n: 0 }, { n: 0 }]);
  expect(prepare).toHaveBeenCalledTimes(1);
});

test('it takes values by their place and by their name', () => {
  expect(new Statement(handle, 'INSERT INTO things (name) VALUES (?)').run('one').changes).toBe(1);
  new Statement(handle, 'INSERT INTO things (name) VALUES (:name)').run({ name: 'two' });
  const all = new Statement(handle, 'SELECT name FROM things WHERE id >= ? ORDER BY id');
  expect(all.all(1)).toEqual([{ name: 'one' }, { name: 'two' }]);
  expect([...all.iterate(2)]).toEqual([{ name: 'two' }]);
  expect(all.get(3)).toBeUndefined();
});

test('opening a store compiles a few of its statements', () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  openSqliteStore({ path: ':memory:', clock: systemClock }).close();
  expect(prepare.mock.calls.length).toBeLessThan(20);
});
