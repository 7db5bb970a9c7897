import { TENANT, call, isRefusal } from './api-calls.ts';
import type { Dice } from './dice.ts';
import type { Simulation } from './simulation.ts';
import type { Action } from './story.ts';

/** Somebody replaces the secret of an endpoint. */
export interface RotatingAction {
  kind: 'rotate';
  at: number;
  endpoint: number;
  overlapMs: number;
}

const HOUR = 3_600_000;
const TRIES = 3;

/** A few of the histories have some: by two people at once, while others edit the endpoint, and while it is sent to. */
export function inventRotations(dice: Dice, endpoints: number, anytime: () => number): Action[] {
  if (!dice.chance(0.08)) return [];
  const endpoint = dice.below(endpoints);
  return Array.from({ length: dice.between(1, 3) }, () => {
    const at = anytime() + dice.below(dice.pick([20, 2000, 60_000]));
    const rotate = (): Action => ({
      kind: 'rotate',
      at: at + dice.below(20),
      endpoint,
      overlapMs: dice.pick([0, 10_000, HOUR, 24 * HOUR]),
    });
    const edit: Action = { kind: 'call', at: at + dice.below(20), endpoint, call: 'edit', again: true };
    const post: Action = { kind: 'post', at: at + dice.between(0, 30_000), type: 'order.paid' };
    return [rotate(), post, ...(dice.chance(0.5) ? [rotate()] : []), ...(dice.chance(0.5) ? [edit] : [])];
  }).flat();
}

export async function rotate(simulation: Simulation, { endpoint, overlapMs }: RotatingAction): Promise<void> {
  const { scheduler, engine, dice, customers } = simulation;
  const id = customers.endpointId(endpoint);
  if (id === undefined) return;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const askedAt = scheduler.now();
    const ending = await call(simulation, 'rotate', ({ ports }) =>
      engine.rotations.rotateSecret(ports, TENANT, id, { use: 'signing', overlapMs }),
    );
    if (ending.kind === 'done')
      return customers.secrets.answered(id, ending.value.signingSecret, { askedAt, overlapMs }, scheduler.now());
    if (isRefusal(simulation, ending)) return;
    await scheduler.sleep(dice.between(100, 5000));
  }
}
