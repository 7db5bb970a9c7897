import type { Taker } from '../../../lib/adapters/sqlite/queue/handover.ts';
import type { Event } from '../../../lib/domain/event.ts';
import type { ReceivedMessage } from '../../../lib/ports/queues.ts';
import type { Dice } from '../dice.ts';
import type { Engine } from '../engine.ts';
import type { Scheduler } from '../scheduler.ts';
import type { PowerCuts } from './power-cuts.ts';
import type { ServiceProfile } from './service-profile.ts';
import type { Service } from './service.ts';

/** The queues whose messages are dispatched as they are sent. */
export const HANDING = ['deliveries', 'retries'] as const;
type Handing = (typeof HANDING)[number];

interface Surroundings {
  profile: ServiceProfile;
  dice: Dice;
  scheduler: Scheduler;
  errors: Engine['errors'];
  unruly(): boolean;
  /** Something visible waits in the queue: it comes first. */
  isBehind(queue: Handing): boolean;
  begin(queue: Handing, message: ReceivedMessage): void;
  powerCuts: PowerCuts;
  /** An event is gone, and was never accepted. */
  lost(event: Event): void;
}

/**
 * Dispatches messages as they are sent, before the disk has them, and synchronizes the disk meanwhile: that ends later, or
 * fails, or the process dies before. Whoever sent them waits for that too.
 */
export class Handovers {
  readonly #around: Surroundings;
  #taken: { queue: Handing; message: ReceivedMessage }[] = [];
  #open = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  takerOf(queue: Handing): Taker {
    const { profile, dice, isBehind } = this.#around;
    return {
      reserve: () => this.#open && !isBehind(queue) && dice.chance(profile.handsOver),
      take: (message) => void this.#taken.push({ queue, message }),
      release: () => undefined,
    };
  }

  /** One write of a process: what it sends may be taken. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    // What a process had sent that died just then comes back by itself.
    this.#taken = [];
    this.#open = true;
    try {
      return await write();
    } finally {
      this.#open = false;
    }
  }

  /**
   * Begins what the last write has handed over, unless its process has died.
   * @param event what was written, if it was a post
   * @returns once the disk has it
   * @throws ServiceFault when the disk failed
   */
  async begin(service: Service, event: Event | undefined): Promise<void> {
    const taken = this.#taken;
    this.#taken = [];
    if (taken.length === 0 || service.dead) return;
    const { scheduler, dice, profile, unruly, errors } = this.#around;
    const fails = unruly() && dice.chance(profile.diskFails);
    const ms = dice.between(1, profile.diskMs);
    if (event && unruly() && dice.chance(profile.powerCuts)) this.#cutPower(service, event, dice.below(ms));
    const safe = scheduler.wait(ms, service, false).then(() => {
      if (fails) throw new errors.ServiceFault('The disk of the store failed.');
    });
    for (const { queue, message } of taken) this.#around.begin(queue, { ...message, safe });
    await safe;
  }

  #cutPower(service: Service, event: Event, ms: number): void {
    const { scheduler, powerCuts, lost } = this.#around;
    const { commits } = powerCuts;
    void scheduler.wait(ms, service, false).then(() => {
      if (powerCuts.takeBack(event, commits)) lost(event);
      service.die('in a power cut');
    });
  }
}
