import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';

/** A database, and another connection to it. */
function openTwo() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-reads-'));
  const path = join(folder, 'store');
  const [database, other] = [new Database(path), Database.join(path)];
  onTestFinished(() => {
    database.close();
    other.close();
    rmSync(folder, { recursive: true });
  });
  return { database, ...marksIn(database), elsewhere: marksIn(other) };
}

function marksIn(database: Database) {
  const commits = new GroupCommit(database);
  const insert = database.prepare('INSERT INTO marks VALUES (?, 1)');
  const select = database.prepare('SELECT count(*) AS count FROM marks');
  const count = () => Number(select.get()?.count);
  return {
    commits,
    insert,
    count,
    read: () => database.readNow(count),
    readOnce: () => database.readOnce('count', count),
    /** In a transaction, now: before the turn ends. */
    putNow(name: string) {
      database.begin();
      insert.run(name);
      database.commit();
    },
  };
}

describe('the reads of one turn', () => {
  test('see the same moment of the store, and what another connection has committed is seen by the next turn', async () => {
    const { read, elsewhere } = openTwo();
    expect([read(), read()]).toEqual([0, 0]);
    elsewhere.putNow('a');
    expect([read(), read()]).toEqual([0, 0]);
    await turn();
    expect([read(), read()]).toEqual([1, 1]);
  });

  test('see what this thread has committed from its commit on', () => {
    const { read, putNow, elsewhere } = openTwo();
    expect([read(), read()]).toEqual([0, 0]);
    putNow('a');
    expect(read()).toBe(1);
    elsewhere.putNow('b');
    putNow('c');
    expect([read(), read()]).toEqual([3, 3]);
  });

  test('hold up no write: neither of this connection nor of another', async () => {
    const { read, commits, insert, elsewhere } = openTwo();
    for (let round = 0; round < 20; round += 1) {
      read();
      read();
      elsewhere.putNow(`elsewhere ${round}`);
      read();
      const written = commits.write(() => insert.run(`here ${round}`));
      read();
      await written;
      expect(read()).toBe(2 * (round + 1));
    }
  });

  test('go on after one that fails, and the next turn is not held up by it', async () => {
    const { database, read, elsewhere } = openTwo();
    expect([read(), read()]).toEqual([0, 0]);
    const wrong = database.prepare(`SELECT abs(-9223372036854775808) AS overflow`);
    expect(() => database.readNow(() => wrong.get())).toThrow(ServiceFault);
    await expect(database.readOnce('wrong', () => wrong.get())).rejects.toThrow('integer overflow');
    expect(read()).toBe(0);
    elsewhere.putNow('a');
    await turn();
    expect(read()).toBe(1);
  });

  test('go on after one that made SQLite end the transaction of them all', async () => {
    const { database, read, putNow } = openTwo();
    expect([read(), read()]).toEqual([0, 0]);
    // As SQLite does when it has no memory or can't read the file.
    const ended = database.prepare('ROLLBACK');
    database.readNow(() => ended.run());
    expect(read()).toBe(0);
    await turn();
    expect([read(), read()]).toEqual([0, 0]);
    database.readNow(() => ended.run());
    putNow('a');
    expect(read()).toBe(1);
  });

  test('go on after one that fails as a broken disk lets it, which fails alone', async () => {
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

  test('of a write that is rolled back see nothing of it, and the turn that follows neither', async () => {
    const { database, read, count, readOnce, commits, insert } = openTwo();
    expect([read(), read()]).toEqual([0, 0]);
    const within: unknown[] = [];
    const written = commits.write(() => {
      insert.run('a');
      within.push(database.readNow(count), database.readNow(count));
      database.execute('ROLLBACK');
      throw new Error('the disk is full');
    });
    await expect(written).rejects.toThrow('the disk is full');
    expect(within).toEqual([1, 1]);
    expect([read(), await readOnce()]).toEqual([0, 0]);
    await commits.write(() => insert.run('b'));
    expect(read()).toBe(1);
  });

  test('end with the store: one that is closed in a turn that reads fails later reads, and nothing else', async () => {
    const { database, read, readOnce } = openTwo();
    expect([read(), read(), await readOnce()]).toEqual([0, 0, 0]);
    database.close();
    expect(read).toThrow(ServiceFault);
    await turn();
    await turn();
    expect(read).toThrow(ServiceFault);
  });
});

describe('what many calls of a turn ask for', () => {
  function counted() {
    const two = openTwo();
    let reads = 0;
    const ask = () =>
      two.database.readOnce('count', () => {
        reads += 1;
        return two.count();
      });
    return { ...two, ask, reads: () => reads };
  }

  test('is read once for all of them, and again in the next turn', async () => {
    const { ask, reads, elsewhere } = counted();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([0, 0, 0]);
    expect(reads()).toBe(1);
    elsewhere.putNow('a');
    await turn();
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(reads()).toBe(2);
  });

  test('is read again after a commit of this thread, within the same turn', async () => {
    const { ask, reads, putNow } = counted();
    expect(await ask()).toBe(0);
    putNow('a');
    expect(await ask()).toBe(1);
    expect(reads()).toBe(2);
  });

  test('is asked by its name: another question has another answer', async () => {
    const { database, ask } = counted();
    expect(await Promise.all([ask(), database.readOnce('another', () => 'another answer')])).toEqual([
      0,
      'another answer',
    ]);
  });

  test('may be that nothing is there, which is read once too', async () => {
    const { database } = openTwo();
    let reads = 0;
    const ask = () =>
      database.readOnce('nothing', () => {
        reads += 1;
        return undefined;
      });
    expect(await Promise.all([ask(), ask()])).toEqual([undefined, undefined]);
    expect(reads).toBe(1);
  });

  test('is asked again when it could not be read', async () => {
    const { database, ask } = counted();
    const failing = database.readOnce('count', () => {
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    expect(await ask()).toBe(0);
  });
});
