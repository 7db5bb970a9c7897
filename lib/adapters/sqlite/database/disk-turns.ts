type Settle = (error: unknown) => void;

/** Makes what was committed before a call safe. Each throws when the disk fails. */
export interface Disk {
  /** Does not block this thread. */
  synchronize(): Promise<void>;
  synchronizeNow(): void;
  /** Writes all of it once more, and synchronizes it. */
  rewrite(): void;
}

/** This thread waits for a disk that takes no longer, in milliseconds: to ask another one costs as much. */
const QUICK_MS = 2;
/** For how many times as long as it took, and at most how long (milliseconds), a slower one is waited for no more. */
const TIMES_APART = 500;
const LONGEST_APART_MS = 60_000;

/**
 * Tells when commits are on the disk. One synchronization runs at a time, and serves all that was committed before it
 * began; what is committed meanwhile shares the next one. A slow disk does not stop this thread.
 */
export class DiskTurns {
  readonly #disk: Disk;
  #waiting: Settle[] = [];
  #isUnderWay = false;
  #isUnsure = false;
  /** Until then this thread does not wait for the disk: by `performance.now()`. */
  #apartUntil = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /**
   * @param settle called once what was committed before this call is safe, or with the error that says why it is not
   * @param hasOtherWork this thread has something to do meanwhile, and waits for no disk
   */
  whenSafe(settle: Settle, hasOtherWork = false): void {
    this.#waiting.push(settle);
    if (this.#isUnderWay) return;
    if (hasOtherWork || performance.now() < this.#apartUntil) void this.#runApart();
    else this.settleNow();
  }

  /**
   * A disk that has failed may have dropped what it was given, and says nothing of it the next time (Linux: fsync(2)). So
   * nothing is committed upon it before all of it was written once more.
   * @throws what the disk says
   */
  beSure(): void {
    if (!this.#isUnsure) return;
    this.#disk.rewrite();
    this.#isUnsure = false;
  }

  /** Waits for the disk, and tells all that wait for a synchronization which has not begun. */
  settleNow(): void {
    const served = this.#waiting.splice(0);
    if (served.length === 0) return;
    const start = performance.now();
    const failed = errorOf(() => this.#disk.synchronizeNow()) !== undefined;
    const took = performance.now() - start;
    if (took > QUICK_MS) this.#apartUntil = start + took + Math.min(took * TIMES_APART, LONGEST_APART_MS);
    this.#settle(served, failed);
  }

  async #runApart(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      const served = this.#waiting.splice(0);
      const failed = await this.#disk.synchronize().then(
        () => false,
        () => true,
      );
      // What was committed meanwhile stands behind what the disk may have dropped.
      if (failed) served.push(...this.#waiting.splice(0));
      this.#settle(served, failed);
    }
    this.#isUnderWay = false;
  }

  #settle(served: readonly Settle[], failed: boolean): void {
    const failure = failed ? errorOf(() => this.#disk.rewrite()) : undefined;
    this.#isUnsure ||= failure !== undefined;
    for (const settle of served) settle(failure);
  }
}

function errorOf(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
