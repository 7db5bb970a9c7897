import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type Pace, takingEventsInTurns } from '../../../lib/local/service/post-turns.ts';
import type { Ingest, IngestRequest } from '../../../lib/pipeline/ingest/ingest.ts';

/** Two events a turn, unless told otherwise, and who was let in so far. */
function openTurnstile(pace: Pace = { events: 2, pauseMs: 0 }) {
  const taken: string[] = [];
  const ingest = Object.assign(
    async ({ tenantId }: IngestRequest) => {
      taken.push(tenantId);
      return { id: 'evt_1', deliveries: 1 };
    },
    {
      batch: async (requests: readonly IngestRequest[]) => {
        taken.push(`batch of ${requests.length}`);
        return [];
      },
      quota: () => undefined,
    },
  ) satisfies Ingest;
  const inTurns = takingEventsInTurns(ingest, () => pace);
  const requestOf = (tenantId: string) => ({ tenantId }) as IngestRequest;
  const post = (tenantId: string) => void inTurns(requestOf(tenantId));
  const postBatch = (size: number) => void inTurns.batch(Array.from({ length: size }, () => requestOf('a')));
  return { taken, post, postBatch };
}

test('more events than one turn takes wait for the next turns, in their order', async () => {
  const { taken, post } = openTurnstile();
  for (const name of ['a', 'a', 'a', 'a', 'a']) post(name);
  await Promise.resolve();
  expect(taken).toHaveLength(2);
  await turn();
  expect(taken).toHaveLength(4);
  await turn();
  expect(taken).toHaveLength(5);
});

test('a tenant that posts much lets in others after one event of its own', async () => {
  const { taken, post } = openTurnstile();
  for (let n = 0; n < 20; n += 1) post('flood');
  post('other');
  await turn();
  expect(taken).toEqual(['flood', 'flood', 'flood', 'other']);
});

test('a batch takes as many turns as it has events, and comes in whole', async () => {
  const { taken, post, postBatch } = openTurnstile();
  postBatch(5);
  post('b');
  await Promise.resolve();
  expect(taken).toEqual(['batch of 5']);
  await turn();
  expect(taken).toEqual(['batch of 5']);
  await turn();
  expect(taken).toEqual(['batch of 5', 'b']);
});

test('what comes alone never waits', async () => {
  const { taken, post } = openTurnstile();
  for (let n = 0; n < 3; n += 1) {
    post('a');
    await Promise.resolve();
    expect(taken).toHaveLength(n + 1);
    await turn();
  }
});

test('a slower pace lets some in each time, and its other turns wait', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] });
  try {
    const { taken, post } = openTurnstile({ events: 2, pauseMs: 10 });
    for (const name of ['a', 'a', 'a', 'a', 'a']) post(name);
    await vi.advanceTimersByTimeAsync(9);
    expect(taken).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(taken).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(10);
    expect(taken).toHaveLength(5);
  } finally {
    vi.useRealTimers();
  }
});
