import { type Engine, loadEngine } from './engine.ts';
import { type Outcome, simulate } from './simulation.ts';

let engine: Promise<Engine> | undefined;
const outcomes = new Map<number, Promise<Outcome>>();

/** A history with nothing planted in it. The product does not change meanwhile: a process plays each once. */
export function playClean(seed: number): Promise<Outcome> {
  const played = outcomes.get(seed) ?? (engine ??= loadEngine()).then((own) => simulate(seed, own));
  outcomes.set(seed, played);
  return played;
}
