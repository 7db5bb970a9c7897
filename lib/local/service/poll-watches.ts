import type { PollLog, PollPlace, PollWatch } from '../../ports/poll-log.ts';
import { type SetTimer, systemTimer } from './timer.ts';

/** Polls that wait for entries, in one process. */
export interface PollWatches {
  /** The log, which now tells of what is added. */
  log: PollLog;
  /** Ends every wait: the process stops. */
  end(): void;
}

/**
 * Lets polls wait without asking again and again: who adds an entry wakes those that wait for it. A poll that waits costs its
 * connection and a few objects.
 */
export function watchPolls(polls: PollLog, setTimer: SetTimer = systemTimer): PollWatches {
  const byPlace = new Map<string, Set<Watch>>();
  let ended = false;
  const watch = (place: PollPlace): PollWatch => {
    const name = nameOf(place);
    const watches = byPlace.get(name) ?? new Set();
    byPlace.set(name, watches);
    const one = new Watch(setTimer, ended, () => {
      watches.delete(one);
      if (watches.size === 0 && byPlace.get(name) === watches) byPlace.delete(name);
    });
    watches.add(one);
    return one;
  };
  return {
    log: {
      add: async (entries) => {
        await polls.add(entries);
        for (const name of new Set(entries.map(nameOf))) byPlace.get(name)?.forEach((one) => one.wake());
      },
      entriesAfter: (place, key, limit) => polls.entriesAfter(place, key, limit),
      consumers: (place) => polls.consumers(place),
      consumer: (place, name) => polls.consumer(place, name),
      putConsumer: (consumer) => polls.putConsumer(consumer),
      removeConsumer: (place, name) => polls.removeConsumer(place, name),
      settled: (place) => polls.settled(place),
      putSettled: (place, position) => polls.putSettled(place, position),
      watch,
    },
    end: () => {
      ended = true;
      for (const watches of byPlace.values()) watches.forEach((one) => one.end());
    },
  };
}

function nameOf({ tenantId, endpointId }: PollPlace): string {
  return `${endpointId} ${tenantId}`;
}

class Watch implements PollWatch {
  readonly #setTimer: SetTimer;
  readonly #forget: () => void;
  #ended: boolean;
  #added = false;
  #go: (() => void) | undefined;

  constructor(setTimer: SetTimer, ended: boolean, forget: () => void) {
    this.#setTimer = setTimer;
    this.#ended = ended;
    this.#forget = forget;
  }

  async next(ms: number): Promise<boolean> {
    if (!this.#added && !this.#ended) {
      await new Promise<void>((resolve) => {
        const cancel = this.#setTimer(ms, resolve);
        this.#go = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#added = false;
    this.#go = undefined;
    return !this.#ended;
  }

  wake(): void {
    this.#added = true;
    this.#go?.();
  }

  end(): void {
    this.#ended = true;
    this.#go?.();
  }

  close(): void {
    this.#forget();
  }
}
