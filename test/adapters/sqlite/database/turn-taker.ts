import { parentPort, workerData } from 'node:worker_threads';
import { ThreadTurns } from '../../../../lib/adapters/sqlite/database/write-turns.ts';

export interface TurnTakerData {
  memory: SharedArrayBuffer;
  thread: number;
  task:
    | { kind: 'enter' }
    /** Counts each of its turns, and each time that it finds somebody else in one. */
    | { kind: 'contend'; turns: number; counts: SharedArrayBuffer };
}

/** What it says. */
export type TurnTaker = 'entering' | 'entered' | 'done';

const LONG_MS = 60_000;

const { memory, thread, task } = workerData as TurnTakerData;
const turns = new ThreadTurns(memory, thread);
// A thread's port has no origin.
// eslint-disable-next-line unicorn/require-post-message-target-origin
const say = (what: TurnTaker) => parentPort?.postMessage(what);

if (task.kind === 'contend') contend(new Int32Array(task.counts), task.turns);
else {
  say('entering');
  turns.enter(LONG_MS);
  say('entered');
}
// It stays, with its turn, until it is ended.
setInterval(() => undefined, 60_000);

function contend(counts: Int32Array, times: number): void {
  for (let turn = 0; turn < times; turn += 1) {
    while (!turns.enter(LONG_MS));
    const before = counts[0] as number;
    // Long enough for another thread to come between.
    for (let spin = 0; spin < 500; spin += 1) if (counts[0] !== before) Atomics.add(counts, 1, 1);
    counts[0] = before + 1;
    turns.leave();
  }
  say('done');
}
