import type { Queues } from '../lib/ports/queues.ts';

/** Queues that lose everything: for measurements of what comes before them. */
export const NOWHERE: Queues = {
  send: async () => {},
  hide: async () => {},
  inFlight: async () => 0,
  receive: async () => [],
  delete: async () => {},
  counts: async () => ({ visible: 0, inFlight: 0, delayed: 0 }),
};
