import { onTestFinished } from 'vitest';
import { RecordMaker } from '../support/records.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

/** What a backend gives a suite for one test: the port, the clock that it reads, and its end. */
export interface Opened<Port> {
  port: Port;
  clock: VirtualClock;
  close(): Promise<void> | void;
}

export type Open<Port> = () => Promise<Opened<Port>> | Opened<Port>;

/** Opens a port for the test that is running, and closes it when that has finished. */
export async function openForTest<Port>(
  open: Open<Port>,
): Promise<{ port: Port; clock: VirtualClock; make: RecordMaker }> {
  const opened = await open();
  onTestFinished(() => opened.close());
  return { port: opened.port, clock: opened.clock, make: new RecordMaker(opened.clock) };
}

const CALLERS = 50;

/** Calls it 50 times at once and gives all answers. */
export function concurrently<T>(call: (caller: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
}

/**
 * Reads a list to its end. The last page may be empty: a backend need not know that nothing follows.
 * @param read answers a page and the cursor of the next
 */
export async function readAllPages<T>(
  read: (cursor: string | undefined) => Promise<{ items: readonly T[]; next?: string | undefined }>,
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    pages.push([...page.items]);
    cursor = page.next;
  } while (cursor !== undefined && pages.length < 1000);
  return pages;
}
