import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { PipelineSettings } from '../../lib/pipeline/settings.ts';
import type { CrashPlan, PortCall } from './fault-injection.ts';
import { expectAtRest } from './invariants.ts';
import { type Process, World } from './world.ts';

const HOUR = 3_600_000;

/** A life's work: everything that a process does until it dies or is done. */
export interface Scenario {
  name: string;
  settings?: Partial<PipelineSettings>;
  prepare(world: World): Promise<Endpoint[]>;
  /** Answers the ids of the events that were accepted. Whoever does not get an answer asks again, of the next process. */
  work(world: World, process: Process, endpoints: Endpoint[]): AsyncGenerator<string>;
  /** What holds besides the invariants, in a world that has come to rest. */
  expectAfter?(world: World, endpoints: Endpoint[]): Promise<void>;
}

/** One process that dies as planned, then one that does not: the caller asks it again for what had no answer. */
async function live(scenario: Scenario, plan?: CrashPlan): Promise<{ calls: PortCall[]; accepted: number }> {
  const world = new World(1, scenario.settings);
  try {
    const endpoints = await scenario.prepare(world);
    const accepted = new Set<string>();
    const first = world.process(plan);
    try {
      for await (const id of scenario.work(world, first, endpoints)) accepted.add(id);
    } catch (error) {
      if (!first.life.dead) throw error;
    }
    if (first.life.dead) {
      // The lease of a claim that the dead process held has to end.
      await world.clock.advance(20_000);
      const second = world.process();
      for await (const id of scenario.work(world, second, endpoints)) accepted.add(id);
      await world.run(second, 2 * HOUR);
    }
    await expectAtRest(world, [...accepted], endpoints);
    await scenario.expectAfter?.(world, endpoints);
    return { calls: first.life.calls, accepted: accepted.size };
  } finally {
    world.close();
  }
}

/** The same work with a crash at every call of a port, before and after its effect. */
export function describeCrashPoints(scenarios: readonly Scenario[]): void {
  describe.each(scenarios)('a process that dies at any port call loses nothing: $name', (scenario) => {
    test('without a crash', async () => {
      const { calls, accepted } = await live(scenario);
      expect(accepted).toBeGreaterThan(0);
      expect(calls.length).toBeGreaterThan(10);
    });

    test.each(['before', 'after'] as const)('%s each call has its effect', async (moment) => {
      const { calls } = await live(scenario);
      for (const { index, port, method } of calls) {
        try {
          await live(scenario, { index, moment });
        } catch (cause) {
          throw new Error(`dead ${moment} call ${index}, ${port}.${method}`, { cause });
        }
      }
    });
  });
}
