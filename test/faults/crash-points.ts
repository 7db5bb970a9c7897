import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { PipelineSettings } from '../../lib/pipeline/settings.ts';
import type { CrashPlan, PortCall } from '../support/fault-injection.ts';
import { expectAtRest } from '../support/invariants.ts';
import type { Process, World } from '../support/world.ts';
import { type Backend, inWorld } from './backend.ts';

const HOUR = 3_600_000;

/** Everything that a process does until it dies or is done. */
export interface Scenario {
  name: string;
  settings?: Partial<PipelineSettings>;
  prepare(world: World): Promise<Endpoint[]>;
  /** Yields the ids of accepted events. A caller without an answer asks the next process again. */
  work(world: World, process: Process, endpoints: Endpoint[]): AsyncGenerator<string>;
  /** What must hold besides the invariants when nothing is left to do. */
  expectAfter?(world: World, endpoints: Endpoint[]): Promise<void>;
}

/** One process dies as planned; the caller asks a second one again for what had no answer. */
function live(
  backend: Backend,
  scenario: Scenario,
  plan?: CrashPlan,
): Promise<{ calls: PortCall[]; accepted: number }> {
  return inWorld(backend, scenario.settings, async (world) => {
    const endpoints = await scenario.prepare(world);
    const accepted = new Set<string>();
    const first = world.process(plan);
    try {
      for await (const id of scenario.work(world, first, endpoints)) accepted.add(id);
    } catch (error) {
      if (!first.life.dead) throw error;
    }
    expect(first.life.dead, 'dies as planned').toBe(plan !== undefined);
    if (first.life.dead) {
      const second = world.process();
      for await (const id of scenario.work(world, second, endpoints)) accepted.add(id);
      await world.run(second, 2 * HOUR);
    }
    await expectAtRest(world, [...accepted], endpoints);
    await scenario.expectAfter?.(world, endpoints);
    return { calls: first.life.calls, accepted: accepted.size };
  });
}

/** The calls of each method of each port that `pick` takes: `nth` of its `all`. */
export function ofEachMethod(calls: readonly PortCall[], pick: (nth: number, all: number) => boolean): PortCall[] {
  const byMethod = Object.values(Object.groupBy(calls, ({ port, method }) => `${port}.${method}`));
  return byMethod.flatMap((all = []) => all.filter((_, nth) => pick(nth, all.length)));
}

/** The same work with a crash at each port call that the backend chooses, before and after its effect. */
export function describeCrashPoints(backend: Backend, scenarios: readonly Scenario[]): void {
  describe.each(scenarios)('a process that dies at any port call loses nothing: $name', (scenario) => {
    test('without a crash', { timeout: backend.timeoutMs }, async () => {
      const { calls, accepted } = await live(backend, scenario);
      expect(accepted).toBeGreaterThan(0);
      expect(calls.length).toBeGreaterThan(10);
    });

    test.each(['before', 'after'] as const)(
      '%s a call has its effect',
      { timeout: backend.timeoutMs },
      async (moment) => {
        const { calls } = await live(backend, scenario);
        for (const { index, port, method } of backend.crashPoints(calls)) {
          try {
            await live(backend, scenario, { index, moment });
          } catch (cause) {
            throw new Error(`dead ${moment} call ${index}, ${port}.${method}`, { cause });
          }
        }
      },
    );
  });
}
