import { ServiceFault } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { MAX_MESSAGE_BYTES } from '../../ports/outgoing-rules.ts';
import { MAX_BATCH } from '../../ports/queue-rules.ts';
import type { Random } from '../../ports/random.ts';

/** How often a batch is sent in total while some of its entries fail, and the pause after the first time. */
const MAX_TRIES = 5;
const FIRST_PAUSE_MS = 50;

/** How many batches of one call are sent in parallel. */
const PARALLEL = 10;

/** Groups entries into batches within SQS's limits, in their order. */
export function intoBatches<T>(entries: readonly T[], bytesOf: (entry: T) => number): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = bytesOf(entry);
    if (last && last.length < MAX_BATCH && bytes + size <= MAX_MESSAGE_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

/** Sends batches, and retries only the failed entries, until all are accepted. */
export class BatchSender {
  readonly #clock: Clock;
  readonly #random: Pick<Random, 'fraction'>;

  constructor(clock: Clock, random: Pick<Random, 'fraction'>) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * @param send returns the entries that were not accepted
   * @throws ServiceFault when entries are not accepted after five tries; the other batches are sent nevertheless
   */
  async sendAll<T>(batches: readonly T[][], send: (batch: T[]) => Promise<T[]>): Promise<void> {
    for (let start = 0; start < batches.length; start += PARALLEL) {
      const some = batches.slice(start, start + PARALLEL);
      const results = await Promise.allSettled(some.map((batch) => this.#sendWhole(batch, send)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
  }

  async #sendWhole<T>(batch: T[], send: (batch: T[]) => Promise<T[]>): Promise<void> {
    let rest = batch;
    for (let tries = 1; ; tries += 1) {
      rest = await send(rest);
      if (rest.length === 0) return;
      if (tries === MAX_TRIES) throw new ServiceFault(`SQS did not accept ${rest.length} entries in ${tries} tries.`);
      await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + this.#random.fraction() / 2));
    }
  }
}
