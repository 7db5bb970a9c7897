import type { Clock } from '../../ports/clock.ts';
import type { DeliveryThread } from './thread.ts';

/** Where a tenant's deliveries are made: in a thread, or in the main thread. */
export type Home = DeliveryThread | 'main';

interface Stay {
  home: Home;
  underWay: number;
  /** Those that wait until the tenant can move; undefined: it does not move now. */
  waiting: (() => void)[] | undefined;
  /** When it may try to move, milliseconds since the Unix epoch; and after how long it tries again. */
  movesAt: number;
  restMs: number;
}

/** How long a tenant's deliveries wait for those under way, so that all of them can move, in milliseconds. */
const MOVING_MS = 250;
/** How long a tenant stays that could not move, the first time; then twice as long. */
const FIRST_REST_MS = 5000;

/**
 * Gives each tenant one home at a time, which counts its requests in flight: so no limit is exceeded, whichever thread makes
 * them. A tenant moves while it has nothing under way.
 */
export class Homes {
  readonly #stays = new Map<string, Stay>();
  /** How many deliveries are under way in each. */
  readonly #underWay = new Map<Home, number>();
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;

  constructor(clock: Pick<Clock, 'now' | 'sleep'>) {
    this.#clock = clock;
  }

  /** Whether nothing is under way there. */
  isEmpty(home: Home): boolean {
    return !this.#underWay.has(home);
  }

  /** In how many homes something is under way: at least one. */
  get inUse(): number {
    return Math.max(1, this.#underWay.size);
  }

  /**
   * Enters the tenant's home, which {@link leave} leaves.
   * @param wanted where the tenant should be now
   */
  async enter(tenantId: string, wanted: () => Home): Promise<Home> {
    for (;;) {
      const stay = this.#stays.get(tenantId) ?? newStay(wanted());
      if (stay.home === wanted() || this.#clock.now() < stay.movesAt) {
        this.#stays.set(tenantId, stay);
        stay.underWay += 1;
        this.#underWay.set(stay.home, (this.#underWay.get(stay.home) ?? 0) + 1);
        return stay.home;
      }
      await this.#vacated(stay);
    }
  }

  leave(tenantId: string): void {
    const stay = this.#stays.get(tenantId);
    if (!stay) return;
    stay.underWay -= 1;
    const others = (this.#underWay.get(stay.home) ?? 1) - 1;
    if (others > 0) this.#underWay.set(stay.home, others);
    else this.#underWay.delete(stay.home);
    if (stay.underWay > 0) return;
    this.#stays.delete(tenantId);
    goOn(stay);
  }

  /** Resolves when nothing is under way; or when that takes too long, and then the tenant stays for a while. */
  #vacated(stay: Stay): Promise<void> {
    return new Promise((resolve) => {
      if (stay.waiting) stay.waiting.push(resolve);
      else {
        stay.waiting = [resolve];
        void this.#endMove(stay);
      }
    });
  }

  async #endMove(stay: Stay): Promise<void> {
    await this.#clock.sleep(MOVING_MS);
    if (!stay.waiting) return;
    stay.movesAt = this.#clock.now() + stay.restMs;
    stay.restMs *= 2;
    goOn(stay);
  }
}

function newStay(home: Home): Stay {
  return { home, underWay: 0, waiting: undefined, movesAt: 0, restMs: FIRST_REST_MS };
}

function goOn(stay: Stay): void {
  const { waiting = [] } = stay;
  stay.waiting = undefined;
  for (const resume of waiting) resume();
}
