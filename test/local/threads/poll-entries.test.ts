import { expect, test } from 'vitest';
import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import type { ServiceOptions } from '../../../lib/local/service/service-options.ts';
import { type Api, type Json, eventually } from '../../e2e/api.ts';
import { countingReads, withThreads, workingThreads } from './scene.ts';

/** So many that ingest writes no entry: each of them is a message, and dispatch writes it. */
const ENDPOINTS = 101;
const EVENTS = 40;

/** Notes what the main thread adds, in its order. */
function notingEntries() {
  const entries: PollEntry[] = [];
  const around: NonNullable<ServiceOptions['around']> = (ports) => ({
    ...ports,
    polls: {
      ...ports.polls,
      add: (added) => {
        entries.push(...added);
        return ports.polls.add(added);
      },
    },
  });
  return { entries, around };
}

/** Polls all the time, from its first call on. */
class Consumer {
  readonly events: string[] = [];
  readonly #api: Api;
  readonly #path: string;
  #cursor = '';

  constructor(api: Api, endpointId: string) {
    this.#api = api;
    this.#path = `/v1/endpoints/${endpointId}`;
  }

  async begin(): Promise<void> {
    const { body } = await this.#api.call('PUT', `${this.#path}/consumers/worker`, { from: 'now' });
    this.#cursor = body.cursor;
  }

  async poll(): Promise<void> {
    const page: Json = await this.#api.get(`${this.#path}/poll?cursor=${this.#cursor}&limit=7`);
    this.#cursor = page.cursor;
    this.events.push(...page.data.map(({ event_id }: Json) => event_id));
  }
}

test('a consumer gets all that threads make while it polls, in the order of writing: the main thread writes it', async () => {
  const { reads, around: countReads } = countingReads();
  const { entries, around: noteEntries } = notingEntries();
  await withThreads(
    {},
    async (scene) => {
      const { api } = scene;
      const endpoints: string[] = [];
      for (let n = 0; n < ENDPOINTS; n += 1) endpoints.push((await api.endpoint({ kind: 'poll' })).id);
      await workingThreads(scene);
      const consumers = [0, 50, 100].map((at) => new Consumer(api, endpoints[at] ?? ''));
      for (const consumer of consumers) await consumer.begin();
      const posted: string[] = [];
      const posting = (async () => {
        for (let n = 0; n < EVENTS; n += 1) posted.push((await api.post({ data: { n } })).id);
      })();
      await eventually(
        () => Promise.all(consumers.map((consumer) => consumer.poll())),
        () => consumers.every(({ events }) => new Set(events).size === EVENTS),
        { ms: 60_000, everyMs: 5 },
      );
      await posting;
      // None was written by another thread, and many were asked for by one.
      expect(entries.length).toBeGreaterThanOrEqual(ENDPOINTS * EVENTS);
      expect(entries.length - reads()).toBeGreaterThan(500);
      const timesOfAll = entries.map(({ writtenAt }) => writtenAt);
      expect(timesOfAll).toEqual(timesOfAll.toSorted((one, other) => one - other));
      for (const [nth, at] of [0, 50, 100].entries()) {
        const written = new Map(
          entries
            .filter(({ endpointId }) => endpointId === endpoints[at])
            .map((entry) => [entry.eventId, entry.writtenAt]),
        );
        const given = [...new Set(consumers[nth]?.events)];
        expect(given.toSorted()).toEqual(posted.toSorted());
        const times = given.map((id) => written.get(id) as number);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
      }
    },
    { around: (ports) => noteEntries(countReads(ports)) },
  );
}, 120_000);
