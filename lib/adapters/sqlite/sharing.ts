import { QUEUE_NAMES } from '../../ports/queues.ts';
import { ThreadTurns, type WriteTurns, endTurnOf } from './database/write-turns.ts';
import type { VirtualTime } from './queue/fair-turns.ts';
import type { MessageSharing } from './queue/message-table.ts';

/** How one of several threads that have a file open uses it. */
export interface StoreSharing extends MessageSharing {
  /** Another thread has opened it, and has given it its schema. */
  isJoining: boolean;
  writeTurns: WriteTurns;
}

const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** What the threads that have a file open share: whose turn it is to write, and the virtual time of each queue. */
export interface SharedStore {
  turn: SharedArrayBuffer;
  virtualTimes: SharedArrayBuffer;
}

export function newSharedStore(): SharedStore {
  return {
    turn: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    virtualTimes: new SharedArrayBuffer(QUEUE_NAMES.length * NUMBER_BYTES),
  };
}

/** @param thread a number from 1 on that no other thread of the process has or had; 1 opens the file first */
export function sharingOf({ turn, virtualTimes }: SharedStore, thread: number): StoreSharing {
  return {
    isJoining: thread > 1,
    writeTurns: new ThreadTurns(turn, thread),
    receipts: receiptsOf(thread),
    virtualTime: (queue) =>
      new SharedTime(new Float64Array(virtualTimes, QUEUE_NAMES.indexOf(queue) * NUMBER_BYTES, 1)),
  };
}

/** How the receipts of a thread begin. */
export function receiptsOf(thread: number): string {
  return `${thread}.`;
}

/** For a thread that has died, perhaps while it wrote: SQLite has undone what it had not committed. */
export function releaseTurnOf({ turn }: SharedStore, thread: number): void {
  endTurnOf(turn, thread);
}

class SharedTime implements VirtualTime {
  readonly #time: Float64Array;

  constructor(time: Float64Array) {
    this.#time = time;
  }

  /** As it was a moment ago is fair enough. */
  get now(): number {
    return this.#time[0] ?? 0;
  }

  set now(turn: number) {
    this.#time[0] = turn;
  }
}
