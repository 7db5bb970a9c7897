import { createHash } from 'node:crypto';
import type { Log } from '../../ports/log.ts';
import type { Source, SourceMessage, TakeIn } from '../../pipeline/sources/take-in.ts';
import { doublingSeconds } from '../../domain/times.ts';
import type { SetTimer } from '../service/timer.ts';
import type { Line } from './line-splitter.ts';

const BATCH = 100;
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 30;

export interface Taking {
  source: Source;
  takeIn: TakeIn;
  setTimer: SetTimer;
  log: Log;
}

/** Takes the lines of a source in, in their order and some at a time, until it is told to stop. */
export class LineTaker {
  readonly taking: Taking;
  readonly #idOf: (line: Line) => string;
  #stopped = false;
  #wake = () => {};

  /** @param idOf the same each time that a line is read */
  constructor(taking: Taking, idOf = idOfLine) {
    this.taking = taking;
    this.#idOf = idOf;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** @param note hears, after each batch, where the lines end that are done with */
  async take(lines: readonly Line[], note: (end: number) => Promise<void> = async () => {}): Promise<void> {
    for (let start = 0; start < lines.length && !this.#stopped; start += BATCH) {
      const batch = lines.slice(start, start + BATCH);
      const done = await this.#takeBatch(batch);
      if (done) await note(batch.at(-1)?.end ?? 0);
    }
  }

  /** Answers whether it was not stopped meanwhile. */
  async pause(seconds: number): Promise<boolean> {
    if (this.#stopped) return false;
    await new Promise<void>((resolve) => {
      const cancel = this.taking.setTimer(seconds * 1000, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    return !this.#stopped;
  }

  /** Until nothing of it must come back. False: it was stopped before. */
  async #takeBatch(lines: readonly Line[]): Promise<boolean> {
    const { source, takeIn } = this.taking;
    let waiting: SourceMessage[] = lines
      .filter(({ bytes }) => !isBlank(bytes))
      .map((line) => ({ id: this.#idOf(line), body: line.bytes, receiveCount: 0 }));
    for (let times = 1; waiting.length > 0; times += 1) {
      waiting = waiting.map((message) => ({ ...message, receiveCount: times }));
      const kept = new Set(await takeIn(source, waiting));
      waiting = waiting.filter(({ id }) => kept.has(id));
      if (waiting.length === 0) break;
      if (!(await this.pause(doublingSeconds(FIRST_WAIT_SECONDS, times, LONGEST_WAIT_SECONDS)))) return false;
    }
    return true;
  }
}

/** Of a file's line: where it stands, and what it says. */
function idOfLine({ start, bytes }: Line): string {
  return `${start}:${createHash('sha256').update(bytes).digest('base64url')}`;
}

const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d]);

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => WHITE_SPACE.has(byte));
}
