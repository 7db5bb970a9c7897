import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { ThreadTurns, endTurnOf } from '../../../../lib/adapters/sqlite/database/write-turns.ts';
import type { TurnTaker, TurnTakerData } from './turn-taker.ts';

const [OURS, OTHER, THIRD] = [1, 2, 3] as const;

function newTurns() {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  return { memory, owner: () => new Int32Array(memory)[0], ours: new ThreadTurns(memory, OURS) };
}

/** Another thread, and what it says. */
function startTaker(memory: SharedArrayBuffer, thread: number, task: TurnTakerData['task']) {
  const workerData: TurnTakerData = { memory, thread, task };
  const worker = new Worker(new URL('./turn-taker.ts', import.meta.url), { workerData });
  onTestFinished(() => worker.terminate().then(() => undefined));
  const said = (what: TurnTaker) =>
    new Promise<void>((resolve, reject) => {
      worker.on('message', (text: TurnTaker) => text === what && resolve());
      worker.once('error', reject);
    });
  return { worker, said };
}

describe('turns to write', () => {
  test('two threads that contend never have a turn at once, and each gets all of its turns', async () => {
    const { memory } = newTurns();
    const counts = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    const task = { kind: 'contend', turns: 3000, counts } as const;
    const takers = [OTHER, THIRD].map((thread) => startTaker(memory, thread, task));
    await Promise.all(takers.map(({ said }) => said('done')));
    const [increments, overlaps] = new Int32Array(counts);
    expect({ increments, overlaps }).toEqual({ increments: 6000, overlaps: 0 });
  }, 60_000);

  test('whoever waits is woken by the end of the turn, not by its patience', async () => {
    const { memory, ours, owner } = newTurns();
    ours.enter(0);
    const { said } = startTaker(memory, OTHER, { kind: 'enter' });
    await said('entering');
    const entered = said('entered');
    expect(owner()).toBe(OURS);
    ours.leave();
    await entered;
    // It has the turn, and did not just go on without one.
    expect(owner()).toBe(OTHER);
  });

  test('a turn of a thread that died in it is ended for it, and whoever waits gets it', async () => {
    const { memory, owner } = newTurns();
    const dying = startTaker(memory, OTHER, { kind: 'enter' });
    await dying.said('entered');
    await dying.worker.terminate();
    expect(owner()).toBe(OTHER);
    const { said } = startTaker(memory, THIRD, { kind: 'enter' });
    await said('entering');
    const entered = said('entered');
    endTurnOf(memory, OTHER);
    await entered;
    expect(owner()).toBe(THIRD);
  });

  test('the turn of another is not ended by the death of one that had none', () => {
    const { memory, ours, owner } = newTurns();
    ours.enter(0);
    endTurnOf(memory, OTHER);
    expect(owner()).toBe(OURS);
    ours.leave();
    expect(owner()).toBe(0);
  });

  test('whoever has waited long enough is told that another has the turn, and does not end it', () => {
    const { memory, ours, owner } = newTurns();
    expect(new ThreadTurns(memory, OTHER).enter(0)).toBe(true);
    const start = performance.now();
    expect(ours.enter(100)).toBe(false);
    const waited = performance.now() - start;
    expect(waited).toBeGreaterThan(90);
    expect(waited).toBeLessThan(5000);
    ours.leave();
    expect(owner()).toBe(OTHER);
  });

  test('a write depends on no turn: it is written though the turn of another never ends', async () => {
    const database = new Database(':memory:');
    onTestFinished(() => database.close());
    const { memory, owner } = newTurns();
    new ThreadTurns(memory, OTHER).enter(0);
    const commits = new GroupCommit(database, new ThreadTurns(memory, OURS));
    const insert = database.prepare('INSERT INTO marks VALUES (?, 1)');
    await commits.write(() => insert.run('a'));
    expect(database.prepare('SELECT name FROM marks').all()).toEqual([{ name: 'a' }]);
    expect(owner()).toBe(OTHER);
  });

  test('a turn is a commit, and ends with it also when it fails', async () => {
    const database = new Database(':memory:');
    onTestFinished(() => database.close());
    const { memory, owner } = newTurns();
    const commits = new GroupCommit(database, new ThreadTurns(memory, OURS));
    const owners: unknown[] = [];
    await commits.write(() => owners.push(owner()));
    owners.push(owner());
    database.commit = () => {
      throw new Error('the disk is full');
    };
    await expect(commits.write(() => owners.push(owner()))).rejects.toThrow('the disk is full');
    owners.push(owner());
    expect(owners).toEqual([OURS, 0, OURS, 0]);
  });
});
