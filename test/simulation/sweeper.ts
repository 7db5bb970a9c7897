import type { DueEntry, DueIndex } from '../../lib/ports/due-index.ts';
import { FUNCTION_TIMEOUT } from './event-source.ts';
import type { Evidence } from './evidence.ts';
import type { Conditions } from './gate.ts';
import type { LaggingIndex } from './lagging-index.ts';
import type { SimulatedProcess } from './process.ts';
import type { Chore } from './scheduler.ts';

const MINUTE = 60_000;
/** When nothing is due for longer than this, sweeps in between have run. */
const LONG = 2 * MINUTE;
/** A minute is settled when it is this many minutes old. */
const SETTLED = 21;
/** In the calm phase the watermark is this many minutes behind the clock at most, and after at most so many sweeps. */
const MOST_LAG = 45;
/** In the calm phase an entry that is due is moved within this many sweeps; a look-back takes a day. */
const PATIENCE = 30;
const PATIENCE_OF_A_DAY = 1500;

/** Runs sweep each minute, except in minutes in which nothing can be due. */
export class Sweeper implements Chore {
  readonly #conditions: Conditions;
  readonly #due: LaggingIndex<DueEntry>;
  readonly #index: DueIndex;
  readonly #seen: Evidence;
  readonly #worker: () => SimulatedProcess;
  readonly #overdue = new Map<string, number>();
  #lastAt = 0;
  #lagging = 0;
  #earliest: { writes: number; at: number | undefined } | undefined;

  constructor(
    conditions: Conditions,
    due: LaggingIndex<DueEntry>,
    index: DueIndex,
    seen: Evidence,
    worker: () => SimulatedProcess,
  ) {
    this.#conditions = conditions;
    this.#due = due;
    this.#index = index;
    this.#seen = seen;
    this.#worker = worker;
  }

  dueAt(): number | undefined {
    const earliest = this.#earliestEntry();
    if (earliest === undefined) return undefined;
    const at = Math.max(this.#lastAt + MINUTE, earliest);
    const { profile, unruly } = this.#conditions;
    const outage = unruly ? profile.sweepOutages.find(({ from, until }) => at >= from && at < until) : undefined;
    return outage?.until ?? at;
  }

  begin(): void {
    const { dice, scheduler, profile, unruly } = this.#conditions;
    const idleFor = scheduler.now() - this.#lastAt;
    const outage =
      unruly && profile.sweepOutages.some(({ from, until }) => from < scheduler.now() && until > this.#lastAt);
    this.#lastAt = scheduler.now();
    if (!unruly) this.#judgePatience(scheduler.now());
    // Two sweeps at the same time must do no harm.
    const workers = dice.chance(0.1) ? [this.#worker(), this.#worker()] : [this.#worker()];
    const ready = this.#catchUp(outage ? 0 : idleFor).then(() => this.#judgeLag());
    for (const worker of workers) {
      void ready.then(() => worker.sweep(FUNCTION_TIMEOUT)).then(() => (worker.busy = false));
    }
  }

  /** Sweeps of the skipped minutes would have found nothing, and would have moved the watermark. */
  async #catchUp(idleFor: number): Promise<void> {
    if (idleFor < LONG) return;
    const { scheduler } = this.#conditions;
    const now = scheduler.now();
    const minutes = this.#due.visible(now - 1).map(({ checkAt }) => Math.floor(checkAt / MINUTE));
    const settled = Math.floor(now / MINUTE) - SETTLED;
    await scheduler.alone(async () => {
      if ((await this.#index.watermark()) !== undefined)
        await this.#index.raiseWatermark(Math.min(settled, ...minutes));
    });
  }

  /** 5: nothing holds the watermark. */
  async #judgeLag(): Promise<void> {
    const { scheduler, profile, unruly } = this.#conditions;
    const watermark = await scheduler.alone(() => this.#index.watermark());
    const lag = Math.floor(scheduler.now() / MINUTE) - (watermark ?? 0);
    this.#lagging = unruly || profile.longLag || lag <= MOST_LAG ? 0 : this.#lagging + 1;
    if (this.#lagging > PATIENCE) this.#seen.fail(5, `the watermark is ${lag} minutes behind`, scheduler.now());
  }

  /** When the next entry is both due and visible in the index; undefined for an empty index. */
  #earliestEntry(): number | undefined {
    if (this.#earliest?.writes === this.#due.writes) return this.#earliest.at;
    let at: number | undefined;
    for (const { value, visibleAt } of this.#due.latest())
      at = Math.min(at ?? Infinity, Math.max(value.checkAt, visibleAt));
    this.#earliest = { writes: this.#due.writes, at };
    return at;
  }

  /** 5: what stands in the due index past its time is moved on. */
  #judgePatience(now: number): void {
    const patience = this.#conditions.profile.longLag ? PATIENCE_OF_A_DAY : PATIENCE;
    for (const { id, value, visibleAt } of this.#due.latest()) {
      const name = `${id}/${value.checkAt}`;
      if (Math.max(value.checkAt, visibleAt) > now) continue;
      const sweeps = (this.#overdue.get(name) ?? 0) + 1;
      this.#overdue.set(name, sweeps);
      if (sweeps > patience)
        this.#seen.fail(5, `${id} stands in the due index, and ${patience} sweeps left it there`, now);
    }
  }
}
