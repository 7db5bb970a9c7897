import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Disk, DiskTurns } from '../../../../lib/adapters/sqlite/database/disk-turns.ts';

/** A disk whose synchronizations take as long as a test says, or fail. */
class TestDisk implements Disk {
  /** What happened to it, in order. */
  readonly log: string[] = [];
  takesMs = 0;
  fails = false;
  rewriteFails = false;
  readonly #pending: PromiseWithResolvers<void>[] = [];

  synchronizeNow(): void {
    this.log.push('now');
    vi.advanceTimersByTime(this.takesMs);
    if (this.fails) throw new Error('EIO');
  }

  synchronize(): Promise<void> {
    this.log.push('apart');
    const one = Promise.withResolvers<void>();
    this.#pending.push(one);
    return one.promise;
  }

  rewrite(): void {
    this.log.push('rewrite');
    if (this.rewriteFails) throw new Error('EIO again');
  }

  async end(error?: Error): Promise<void> {
    const one = this.#pending.shift();
    if (error) one?.reject(error);
    else one?.resolve();
    await new Promise(process.nextTick);
  }
}

function open() {
  const disk = new TestDisk();
  const turns = new DiskTurns(disk);
  const commit = (name: string) =>
    turns.whenSafe((error) => disk.log.push(error === undefined ? `${name} safe` : `${name}: ${String(error)}`));
  /** From here on it is waited for no more. */
  const slow = (ms = 100) => {
    disk.takesMs = ms;
    commit('slow');
    disk.log.length = 0;
  };
  return { disk, turns, commit, slow };
}

describe('commits and the disk', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('a commit is told to be safe after a synchronization that began after it', () => {
    const { disk, commit } = open();
    commit('a');
    commit('b');
    expect(disk.log).toEqual(['now', 'a safe', 'now', 'b safe']);
  });

  test('a slow disk is waited for no more: what is committed meanwhile shares the next synchronization', async () => {
    const { disk, commit, slow } = open();
    slow();
    commit('a');
    commit('b');
    commit('c');
    expect(disk.log).toEqual(['apart']);
    await disk.end();
    expect(disk.log).toEqual(['apart', 'a safe', 'apart']);
    await disk.end();
    expect(disk.log.slice(3)).toEqual(['b safe', 'c safe']);
  });

  test('it is waited for again after 500 times as long as it took, at most a minute', async () => {
    for (const [took, apart] of [
      [2, 0],
      [4, 2000],
      [1000, 60_000],
    ] as const) {
      const { disk, commit, slow } = open();
      slow(took);
      if (apart > 0) {
        vi.advanceTimersByTime(apart - 1);
        commit('before');
        await disk.end();
        vi.advanceTimersByTime(1);
      }
      commit('after');
      expect(disk.log).toEqual([...(apart > 0 ? ['apart', 'before safe'] : []), 'now', 'after safe']);
    }
  });

  test('a thread that has other work waits for no disk, however quick, and for the next commit as before', async () => {
    const { disk, turns, commit } = open();
    turns.whenSafe(() => disk.log.push('a safe'), true);
    expect(disk.log).toEqual(['apart']);
    await disk.end();
    commit('b');
    expect(disk.log).toEqual(['apart', 'a safe', 'now', 'b safe']);
  });

  test('a thread that has other work lets the synchronization end that is under way, too', async () => {
    const { disk, turns, commit, slow } = open();
    slow();
    commit('a');
    turns.whenSafe(() => disk.log.push('b safe'), true);
    expect(disk.log).toEqual(['apart']);
    await disk.end();
    expect(disk.log).toEqual(['apart', 'a safe', 'apart']);
    await disk.end();
    expect(disk.log).toEqual(['apart', 'a safe', 'apart', 'b safe']);
  });

  test('what waits when the store closes is synchronized at once', async () => {
    const { disk, turns, commit, slow } = open();
    slow();
    commit('under way');
    commit('waiting');
    turns.settleNow();
    expect(disk.log).toEqual(['apart', 'now', 'waiting safe']);
    await disk.end();
    expect(disk.log).toEqual(['apart', 'now', 'waiting safe', 'under way safe']);
  });

  test('a failed synchronization is safe only when all could be written once more', () => {
    const { disk, turns, commit } = open();
    disk.fails = true;
    commit('a');
    expect(disk.log).toEqual(['now', 'rewrite', 'a safe']);
    turns.beSure();
    expect(disk.log).toHaveLength(3);
  });

  test('a failed one fails all that was committed upon it, and nothing is committed before it was written again', async () => {
    const { disk, turns, commit, slow } = open();
    slow();
    disk.rewriteFails = true;
    commit('a');
    commit('b');
    await disk.end(new Error('EIO'));
    expect(disk.log).toEqual(['apart', 'rewrite', 'a: Error: EIO again', 'b: Error: EIO again']);
    expect(() => turns.beSure()).toThrow('EIO again');
    disk.rewriteFails = false;
    turns.beSure();
    turns.beSure();
    expect(disk.log.slice(4)).toEqual(['rewrite', 'rewrite']);
  });
});
