import { expect } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { Receiver } from '../../e2e/receiver.ts';
import { PATIENTLY } from './patience.ts';

/** All of these events come, as long as that may take under load. */
export async function allArrive(at: Receiver, eventIds: readonly string[]): Promise<void> {
  const missing = await eventually(
    async () => {
      const arrived = idsAt(at);
      return eventIds.filter((id) => !arrived.has(id)).length;
    },
    (count) => count === 0,
    PATIENTLY,
  );
  expect(missing).toBe(0);
}

/** The ids of the events that have come. */
export const idsAt = ({ arrivals }: Receiver) => new Set(arrivals.map(({ headers }) => headers['webhook-id']));
