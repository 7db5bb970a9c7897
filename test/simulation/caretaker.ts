import { TENANT } from './api-calls.ts';
import type { Chore } from './scheduler.ts';
import type { Simulation } from './simulation.ts';

const HOUR = 3_600_000;

/**
 * A person who looks once an hour at the endpoints that the breaker has paused. Without held deliveries a probe would
 * look again each minute, for days in which nothing else happens, so the person pauses such an endpoint manually.
 */
export class Caretaker implements Chore {
  readonly #simulation: Simulation;
  #lastAt = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  dueAt(): number | undefined {
    const tripped = this.#tripped();
    if (tripped.length === 0) return undefined;
    return Math.max(this.#lastAt, ...tripped.map(({ at }) => at)) + HOUR;
  }

  begin(): void {
    const { scheduler, engine, base, evidence, conditions } = this.#simulation;
    this.#lastAt = scheduler.now();
    const held = new Set(
      [...evidence.records.values()]
        .filter(({ record }) => record.status === 'held')
        .map((one) => one.record.endpointId),
    );
    conditions.current = undefined;
    for (const { endpoint } of this.#tripped()) {
      if (!held.has(endpoint.id))
        void scheduler.alone(() => engine.statusCalls.pauseEndpoint(base, TENANT, endpoint.id));
    }
  }

  #tripped() {
    return [...this.#simulation.evidence.endpoints.values()]
      .flatMap((versions) => versions.at(-1) ?? [])
      .filter(({ endpoint }) => endpoint.statusReason === 'breaker');
  }
}
