import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { ThreadTurns } from '../../../../lib/adapters/sqlite/database/write-turns.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';

const [OURS, OTHER] = [1, 2] as const;
/** How long SQLite waits for a lock here. */
const TIMEOUT_MS = 50;
/** Longer than a write waits for a turn, and then for SQLite. */
const LONG_MS = 400;

/** One file, with a connection that writes and another one that can be in its way. */
function openBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-writes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [database, others] = [1, 2].map(() => {
    const one = new Database(join(folder, 'file.db'), undefined, TIMEOUT_MS);
    onTestFinished(() => one.close());
    return one;
  }) as [Database, Database];
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const theirTurns = new ThreadTurns(memory, OTHER);
  const commits = new GroupCommit(database, new ThreadTurns(memory, OURS));
  const insert = database.prepare('INSERT INTO marks VALUES (?, 1)');
  const settled: string[] = [];
  const put = async (name: string) => {
    await commits.write(() => insert.run(name));
    settled.push(name);
  };
  const names = () =>
    others
      .prepare('SELECT name FROM marks ORDER BY name')
      .all()
      .map(({ name }) => name);
  const theirWrite = {
    begin() {
      theirTurns.enter(0);
      others.begin();
    },
    end() {
      others.commit();
      theirTurns.leave();
    },
  };
  return { database, commits, insert, put, settled, names, theirTurns, theirWrite, others };
}

describe('a write beside those of other threads', () => {
  test('waits for as long as one of them takes, fails by none, and keeps nothing else waiting', async () => {
    const { database, put, settled, names, theirWrite } = openBoth();
    theirWrite.begin();
    const written = [put('a'), put('b')];
    const all = Promise.allSettled(written);
    await sleep(LONG_MS);
    written.push(put('c'));
    expect(await database.read(() => database.prepare('SELECT count(*) AS n FROM marks').get())).toEqual({ n: 0 });
    await sleep(LONG_MS);
    expect(settled).toEqual([]);
    theirWrite.end();
    await Promise.all(written);
    await all;
    expect(settled).toEqual(['a', 'b', 'c']);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  test('goes on before their turn ends, if SQLite lets it: it is the log that they write into the file', async () => {
    const { put, names, theirTurns } = openBoth();
    theirTurns.enter(0);
    await put('a');
    expect(names()).toEqual(['a']);
  });

  test('waits as SQLite does for what is no thread of the service, and is told that it is locked out', async () => {
    const { put, names, others } = openBoth();
    others.begin();
    await expect(put('a')).rejects.toThrow(new ServiceFault('SQLite: database is locked'));
    others.commit();
    await put('b');
    expect(names()).toEqual(['b']);
  });

  test('is made before the store closes, though the turn of another thread never ends', () => {
    const { commits, put, names, theirTurns } = openBoth();
    theirTurns.enter(0);
    void put('a');
    commits.flush();
    expect(names()).toEqual(['a']);
  });
});
