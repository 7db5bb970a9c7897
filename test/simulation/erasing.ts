import { TENANT, call, isRefusal } from './api-calls.ts';
import type { Dice } from './dice.ts';
import type { Simulation } from './simulation.ts';
import type { Action } from './story.ts';

/** A person has the payload of an event deleted. */
export interface ErasingAction {
  kind: 'delete-payload';
  at: number;
  nth: number;
}

const TRIES = 4;

/** Some of the histories have a few. */
export function inventErasing(dice: Dice, anytime: () => number): Action[] {
  if (!dice.chance(0.06)) return [];
  return Array.from({ length: dice.between(1, 3) }, (): Action => ({
    kind: 'delete-payload',
    at: anytime() + dice.below(2000),
    nth: dice.below(100),
  }));
}

/** A caller without an answer asks again: it is the same deletion. */
export async function deleteOnePayload(simulation: Simulation, nth: number): Promise<void> {
  const { engine, evidence, scheduler, dice } = simulation;
  const events = [...evidence.events.keys()];
  const eventId = events[nth % Math.max(1, events.length)];
  if (eventId === undefined) return;
  evidence.erasing.add(eventId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const ending = await call(simulation, 'delete-payload', ({ ports }) =>
      engine.payloads.deletePayload(ports, TENANT, eventId),
    );
    if (ending.kind === 'done' && !evidence.erasedAt.has(eventId)) evidence.erasedAt.set(eventId, scheduler.now());
    if (ending.kind === 'done' || isRefusal(simulation, ending)) return;
    await scheduler.sleep(dice.between(200, 12_000));
  }
}
