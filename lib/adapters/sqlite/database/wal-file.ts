import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/**
 * The write-ahead log of a database that is open. What is committed stands in it, and is safe from a power cut once it is
 * synchronized.
 */
export class WalFile {
  readonly #descriptor: number;
  #underWay = 0;
  #isClosed = false;

  /** @param path of the database */
  constructor(path: string) {
    // To write, although nothing is written by it: Windows synchronizes no other.
    this.#descriptor = openSync(`${path}-wal`, 'r+');
  }

  /** Does not block this thread. @throws Error when the disk says that it failed */
  async synchronize(): Promise<void> {
    this.#underWay += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        fdatasync(this.#descriptor, (error) => (error ? reject(error) : resolve()));
      });
    } finally {
      this.#underWay -= 1;
      this.#closeUnlessInUse();
    }
  }

  /** @throws Error when the disk says that it failed */
  synchronizeNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closeUnlessInUse();
  }

  /** A synchronization that is under way must not lose its descriptor: that number may be another file's by then. */
  #closeUnlessInUse(): void {
    if (this.#isClosed && this.#underWay === 0) closeSync(this.#descriptor);
  }
}
