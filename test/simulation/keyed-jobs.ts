import type { Job } from '../../lib/domain/job.ts';
import type { KeyedCall } from '../../lib/pipeline/idempotency-key.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { call } from './api-calls.ts';
import type { Simulation } from './simulation.ts';

const TRIES = 4;

/**
 * A caller that asks with a key until it has an answer, and then once more: all answers name one job.
 * @param name of the call; the time makes its key one that nobody has used
 */
export async function startKeyedJob(
  simulation: Simulation,
  name: string,
  start: (ports: Ports, keyed: KeyedCall) => Promise<Job>,
): Promise<void> {
  const { scheduler, evidence, dice } = simulation;
  const keyed = { key: `${name}-${scheduler.now()}`, call: name, hash: name };
  let first: string | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const ending = await call(simulation, name, ({ ports }) => start(ports, keyed));
    if (ending.kind === 'done') {
      const { id } = ending.value;
      if (first !== undefined && first !== id) evidence.fail(2, `${keyed.key} is ${first} and ${id}`, scheduler.now());
      if (first !== undefined) return;
      first = id;
      evidence.started.push(id);
    }
    await scheduler.sleep(dice.between(200, 12_000));
  }
}
