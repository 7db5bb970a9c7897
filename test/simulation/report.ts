import type { Outcome } from './simulation.ts';

/** A failed seed, for people: what was broken, the last steps, and the command that plays it again. */
export function report({ seed, violation, trace }: Outcome): string {
  if (!violation) return `seed ${seed}: no violation`;
  const { invariant, what, at } = violation;
  const promise = invariant === 0 ? 'no unexpected exceptions' : `invariant ${invariant} of docs/delivery-states.md`;
  return [
    `seed ${seed} breaks ${promise}, at ${new Date(at).toISOString()}:`,
    `  ${what}`,
    '',
    ...trace.map((line) => `  ${line}`),
    '',
    `play it again: npm run simulate -- --seed ${seed}`,
  ].join('\n');
}
