import type { DatabaseSync } from 'node:sqlite';
import type { HttpSender } from '../../../lib/ports/http-sender.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { SqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import type { Dice } from '../dice.ts';
import type { Engine } from '../engine.ts';
import type { EventSource } from '../event-source.ts';
import type { Evidence } from '../evidence.ts';
import type { Conditions, GatedProcess } from '../gate.ts';
import { HANDING, Handovers } from './handovers.ts';
import { LineRules } from './line-rules.ts';
import { PowerCuts } from './power-cuts.ts';
import type { ServiceProfile } from './service-profile.ts';
import { Service } from './service.ts';

/** What a service needs of its history. */
interface Surroundings {
  engine: Engine;
  base: Ports;
  store: SqliteStore;
  connection: DatabaseSync;
  conditions: Conditions;
  evidence: Evidence;
  dice: Dice;
  sources: Readonly<Record<string, EventSource>>;
}

/** The service of a history in which one process does everything: after a crash, the next one. */
export class OneProcess {
  readonly #around: Surroundings;
  readonly #lines: LineRules;
  #service: Service | undefined;
  #made = 0;

  constructor(profile: ServiceProfile, around: Surroundings) {
    this.#around = around;
    const { conditions, connection, evidence, store, dice, sources } = around;
    const { scheduler, errors } = conditions;
    this.#lines = new LineRules(evidence, { now: () => scheduler.now(), places: profile.places });
    scheduler.addChore(this.#lines);
    conditions.handovers = new Handovers({
      profile,
      dice,
      scheduler,
      errors,
      unruly: () => conditions.unruly,
      isBehind: (queue) => (store.queues.nextVisibleAt(queue) ?? Infinity) <= scheduler.now(),
      begin: (queue, message) => sources[queue]?.handOver(message),
      powerCuts: new PowerCuts(connection),
      lost: ({ id }) => {
        evidence.events.delete(id);
        conditions.trace.note(scheduler.now(), 'disk', `has lost ${id}`);
      },
    });
    for (const queue of HANDING) store.queues.handTo(queue, conditions.handovers.takerOf(queue));
  }

  /** The one that runs. */
  get running(): Service {
    if (this.#service && !this.#service.dead) return this.#service;
    this.#made += 1;
    const { engine, base, conditions } = this.#around;
    const parts = { lines: this.#lines, died: () => this.#recover() };
    this.#service = new Service(`service-${this.#made}`, engine, base, conditions, parts);
    return this.#service;
  }

  /** As a start does it, before anything else: what the last one was working comes back. */
  #recover(): void {
    const { conditions, store, sources } = this.#around;
    void conditions.scheduler.alone(async () => {
      await store.queues.recoverInFlight();
      for (const source of Object.values(sources)) source.touched();
    });
  }
}

/** 1: no customer gets a request for what a power cut may take away. */
export function judgingSafety(send: HttpSender['send'], evidence: Evidence, now: () => number): HttpSender['send'] {
  return (...given) => {
    const [, , task] = given as [unknown, number?, GatedProcess?];
    const worked = task?.service?.workedBy(task);
    if (worked?.unsafe) evidence.fail(1, `${worked.id}: a request leaves before the disk has its message`, now());
    return send(...given);
  };
}
