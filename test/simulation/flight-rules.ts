import { MAX_DELAY_SECONDS } from '../../lib/ports/queue-rules.ts';
import type { QueueName, Queues } from '../../lib/ports/queues.ts';
import type { Evidence } from './evidence.ts';
import type { Profile } from './profile.ts';

const NEARLY_FULL = 100_000;
/** Queues are full for this long, and then they are not for as long. */
const FULL = 600_000;
/** After this long each process has counted again. */
const COUNTED = 61_000;

interface Surroundings {
  now(): number;
  profile: Pick<Profile, 'fullQueues'>;
  unruly(): boolean;
}

/** 5: no queue is filled with messages that wait in it. */
export class FlightRules {
  readonly #seen: Evidence;
  readonly #around: Surroundings;

  constructor(evidence: Evidence, around: Surroundings) {
    this.#seen = evidence;
    this.#around = around;
  }

  /** What a queue says of the messages in flight. Delayed ones count too, because they are hidden next. */
  async counted(queues: Pick<Queues, 'inFlight' | 'counts'>, queue: QueueName): Promise<number> {
    if (this.#fullFor() > 0) return NEARLY_FULL;
    const [count, { inFlight, delayed }] = await Promise.all([queues.inFlight(queue), queues.counts(queue)]);
    if (count < inFlight + delayed)
      this.#seen.fail(5, `${queue} counts ${count} messages in flight, of ${inFlight + delayed}`, this.#around.now());
    return count;
  }

  /** One that is nearly full, and was at every count, has no delivery wait in it; a fault waits 15 minutes. */
  hidden(queue: QueueName, seconds: number): void {
    if (this.#fullFor() > COUNTED && !this.#seen.uncounted && seconds > MAX_DELAY_SECONDS)
      this.#seen.fail(5, `a message of ${queue} is hidden for ${seconds} s, and it has too many`, this.#around.now());
  }

  /** For how many milliseconds queues have been nearly full; 0: they are not. */
  #fullFor(): number {
    const { profile, unruly, now } = this.#around;
    return profile.fullQueues && unruly() && now() % (2 * FULL) >= FULL ? now() % FULL : 0;
  }
}
