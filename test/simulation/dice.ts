import { SeededRandom } from '../support/seeded-random.ts';

/** Choices that the seed makes. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#random.fraction() < probability;
  }

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.#random.fraction() * limit);
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/** Far from the seeds of the first dice, and of each other. */
const FAR = [1_000_000_009, 2_000_001_471, 1_500_000_298, 3_000_000_077, 3_500_000_983] as const;
const FAR_OF_SERVICES = 2_500_000_617;

/** The second dice to the seventh, for what was added later: so it changes nothing that `found-by.json` records of others. */
export function otherDice(seed: number): readonly [Dice, Dice, Dice, Dice, Dice, Dice] {
  const [third, fourth, fifth, sixth, seventh] = FAR;
  const far = (distance: number) => new Dice(seed + distance);
  return [new Dice(~seed), far(third), far(fourth), far(fifth), far(sixth), far(seventh)];
}

/** For what only a service in one process does: histories of functions on AWS know nothing of it. */
export function diceOfServices(seed: number): Dice {
  return new Dice(seed + FAR_OF_SERVICES);
}
