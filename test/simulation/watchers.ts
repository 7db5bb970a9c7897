import type { Dice } from './dice.ts';
import type { Cast } from './story.ts';

/** A few histories have an endpoint that asks for operational events, and whose server may be in trouble itself. */
export function inventWatchers(dice: Dice, startAt: number): Cast[] {
  if (!dice.chance(0.1)) return [];
  const watcher: Cast = {
    kind: dice.pick(['healthy', 'dead', 'refusing', 'flapping']),
    events: dice.pick([['postrider.*'], ['postrider.*', 'order.*'], ['postrider.delivery.*', '*']]),
    retry: { delays: dice.pick([[1], [1, 5]]) },
    timeoutSeconds: 10,
    at: startAt,
  };
  return [watcher];
}
