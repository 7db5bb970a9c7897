import { type PollEntry, entryKey } from '../../../lib/domain/poll-entry.ts';
import type { PollLog } from '../../../lib/ports/poll-log.ts';
import type { Dice } from '../dice.ts';
import type { PollRules } from './poll-rules.ts';

/** The longest time until a replica shows an entry: usually a second, sometimes more. */
const REPLICA_LAGS = [1000, 1000, 10_000] as const;
/** More than any history writes. */
const ALL = 10_000;

interface Surroundings {
  now(): number;
  dice: Dice;
  /** Do replicas lag now? */
  lags(): boolean;
  /** An entry was added. */
  added(endpointId: string): void;
}

/** A log of entries whose reads are answered by replicas: one may not show yet what another has shown. */
export function observedPollLog(log: PollLog, rules: PollRules, around: Surroundings): PollLog {
  const addedAt = new Map<string, number>();
  const moment = () => around.now() - (around.lags() ? around.dice.below(around.dice.pick(REPLICA_LAGS)) : 0);
  return {
    add: async (entries) => {
      await log.add(entries);
      const now = around.now();
      const fresh = entries.filter((entry) => !addedAt.has(nameOf(entry)));
      for (const entry of fresh) addedAt.set(nameOf(entry), now);
      rules.entriesWritten(fresh, now);
      for (const { endpointId } of fresh) around.added(endpointId);
    },
    entriesAfter: async (place, key, limit) => {
      const then = moment();
      const entries = await log.entriesAfter(place, key, ALL);
      return entries.filter((entry) => (addedAt.get(nameOf(entry)) ?? 0) <= then).slice(0, limit);
    },
    consumers: (place) => log.consumers(place),
    consumer: async (place, name) => {
      const consumer = await log.consumer(place, name);
      rules.consumers.read(place, name, consumer !== undefined);
      return consumer;
    },
    putConsumer: async (consumer) => {
      await log.putConsumer(consumer);
      rules.consumers.put(consumer, around.now());
    },
    removeConsumer: async (place, name) => {
      const removed = await log.removeConsumer(place, name);
      if (removed) rules.consumers.removed(place, name);
      return removed;
    },
    settled: (place) => log.settled(place),
    putSettled: (place, position) => log.putSettled(place, position),
  };
}

function nameOf(entry: PollEntry): string {
  return `${entry.endpointId} ${entryKey(entry)}`;
}
