import { onTestFinished, describe, expect, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';

function openGroup() {
  const database = new Database(':memory:');
  onTestFinished(() => database.close());
  const commits = new GroupCommit(database);
  const insert = database.prepare('INSERT INTO marks VALUES (?, ?)');
  const put = (name: string) => commits.write(() => insert.run(name, 1));
  const names = () =>
    database
      .prepare('SELECT name FROM marks ORDER BY name')
      .all()
      .map(({ name }) => name);
  const committed: string[][] = [];
  const commit = database.commit.bind(database);
  database.commit = () => {
    commit();
    committed.push(names() as string[]);
  };
  return { database, commits, insert, put, names, committed };
}

/** Settled promises by their outcome: `ok`, or the name of the error. */
async function outcomesOf(promises: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as Error).name));
}

describe('group commit', () => {
  test('writes of one turn of the event loop share one transaction', async () => {
    const { database, put, names } = openGroup();
    let commits = 0;
    const commit = database.commit.bind(database);
    database.commit = () => {
      commits += 1;
      commit();
    };
    await Promise.all(Array.from({ length: 40 }, (_, n) => put(`mark-${n}`)));
    expect(names()).toHaveLength(40);
    expect(commits).toBe(1);
  });

  test('more writes than one transaction takes are all written', async () => {
    const { put, names } = openGroup();
    await Promise.all(Array.from({ length: 2500 }, (_, n) => put(`mark-${n}`)));
    expect(names()).toHaveLength(2500);
  });

  test('a store that closes commits all that waits, also more than one transaction takes', async () => {
    const { commits, put, names } = openGroup();
    const written = Array.from({ length: 2500 }, (_, n) => put(`mark-${n}`));
    commits.flush();
    expect(names()).toHaveLength(2500);
    await Promise.all(written);
  });

  test('no promise settles before the commit, and no read sees what is not committed', async () => {
    const { database, put, names } = openGroup();
    const order: string[] = [];
    const commit = database.commit.bind(database);
    database.commit = () => {
      commit();
      order.push('commit');
    };
    const written = put('a').then(() => order.push('settled'));
    expect(await database.read(names)).toEqual([]);
    await written;
    expect(order).toEqual(['commit', 'settled']);
    expect(await database.read(names)).toEqual(['a']);
  });

  test('what a write asks for is in its transaction, and a group takes no more than it may', async () => {
    const { commits, put, insert, committed, names } = openGroup();
    const asked: Promise<unknown>[] = [];
    const asking = commits.write(() => {
      insert.run('first', 1);
      asked.push(put('second'));
    });
    await asking;
    await Promise.all(asked);
    expect(committed).toEqual([['first', 'second']]);
    const chain = (n: number): Promise<unknown> =>
      commits.write(() => {
        insert.run(`chain-${n}`, 1);
        if (n < 1500) asked.push(chain(n + 1));
      });
    await chain(1);
    expect(committed.map(({ length }) => length)).toEqual([2, 1002]);
    while (names().length < 1502) await Promise.all(asked);
    expect(committed).toHaveLength(3);
  });

  test('a write that can wait shares the commit of the next one, and is written soon without one', async () => {
    const { commits, put, insert, committed } = openGroup();
    const soon = (name: string) => commits.writeSoon(10, () => insert.run(name, 1));
    const patient = soon('patient');
    await put('at once');
    await patient;
    expect(committed).toEqual([['at once', 'patient']]);
    await soon('alone');
    expect(committed).toHaveLength(2);
    const last = soon('last');
    commits.flush();
    await last;
    expect(committed.at(-1)).toContain('last');
  });

  test('a write that SQLite refuses leaves its neighbours intact, and fails as a ServiceFault with its cause', async () => {
    const { put, names } = openGroup();
    await put('taken');
    const refused = put('taken');
    const outcomes = await outcomesOf([put('before'), refused, put('after')]);
    expect(outcomes).toEqual(['ok', 'ServiceFault', 'ok']);
    await expect(refused).rejects.toMatchObject({ cause: { code: 'ERR_SQLITE_ERROR' } });
    expect(names()).toEqual(['after', 'before', 'taken']);
  });

  test('of several statements that hold together none stays when the last one throws', async () => {
    const { commits, insert, put, names } = openGroup();
    const failing = commits.writeTogether(() => {
      insert.run('first', 1);
      insert.run('second', 1);
      throw new RangeError('no');
    });
    expect(await outcomesOf([put('before'), failing, put('after')])).toEqual(['ok', 'RangeError', 'ok']);
    expect(names()).toEqual(['after', 'before']);
  });

  test('a commit that fails fails every write of its group, and the next group works', async () => {
    const { database, put, names } = openGroup();
    const commit = database.commit.bind(database);
    database.commit = () => {
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
    };
    expect(await outcomesOf([put('a'), put('b')])).toEqual(['ServiceFault', 'ServiceFault']);
    database.commit = commit;
    expect(await outcomesOf([put('c')])).toEqual(['ok']);
    expect(names()).toEqual(['c']);
  });

  test('when SQLite gives up the whole transaction, nobody is told that his write is there', async () => {
    const { database, commits, put, names } = openGroup();
    const fatal = commits.write(() => {
      database.execute('ROLLBACK');
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    });
    const outcomes = await outcomesOf([put('before'), fatal, put('after')]);
    expect(outcomes).toEqual(['ServiceFault', 'ServiceFault', 'ServiceFault']);
    expect(names()).toEqual([]);
    await put('next');
    expect(names()).toEqual(['next']);
  });

  test('a full disk is a ServiceFault, and what was there stays readable and writable once there is room', async () => {
    const { database, commits, put, names } = openGroup();
    await put('small');
    database.execute('PRAGMA max_page_count = 1');
    const large = () =>
      commits.write(() =>
        database.prepare('INSERT INTO api_keys VALUES (?, ?)').run('h', JSON.stringify('x'.repeat(1e6))),
      );
    await expect(large()).rejects.toThrow(ServiceFault);
    expect(names()).toEqual(['small']);
    database.execute('PRAGMA max_page_count = 1000000');
    await large();
  });

  test('a disk that fails fails the writes as a ServiceFault, and nothing is committed until all is written again', async () => {
    const { database, insert, names } = openGroup();
    let broken = true;
    const failing = () => {
      if (broken) throw new Error('EIO: i/o error');
    };
    const disk = { synchronize: async () => failing(), synchronizeNow: failing, rewrite: failing };
    const commits = new GroupCommit(Object.assign(database, { disk }));
    const put = (name: string) => commits.write(() => insert.run(name, 1));
    await expect(put('a')).rejects.toThrow('The disk of the store failed: EIO: i/o error');
    expect(await outcomesOf([put('b'), put('c')])).toEqual(['ServiceFault', 'ServiceFault']);
    expect(names()).toEqual(['a']);
    broken = false;
    expect(await outcomesOf([put('d')])).toEqual(['ok']);
    expect(names()).toEqual(['a', 'd']);
  });
});
