import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { ServiceOptions } from '../../../lib/local/service/service.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { readyThreads, withThreads } from './scene.ts';

/** Counts what the main thread reads for dispatch: a thread reads for itself. */
function countingReads(): { reads(): number; around: NonNullable<ServiceOptions['around']> } {
  let count = 0;
  return {
    reads: () => count,
    around: (ports) => ({
      ...ports,
      reader: {
        read: (...args) => {
          count += 1;
          return ports.reader.read(...args);
        },
      },
    }),
  };
}

/** A customer's server that counts how many requests it has at once. */
async function startCounting(answerMs: number) {
  const seen = { now: 0, most: 0, all: 0 };
  const server = createServer((request, response) => {
    seen.now += 1;
    seen.all += 1;
    seen.most = Math.max(seen.most, seen.now);
    setTimeout(() => {
      seen.now -= 1;
      response.end();
    }, answerMs);
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
}

test('a thread makes the deliveries and the main thread writes them, each once', async () => {
  const receiver = await Receiver.start();
  const { reads, around } = countingReads();
  await withThreads(
    {},
    async (scene) => {
      const { api, service, log } = scene;
      await readyThreads(scene);
      const endpoint = await api.endpoint({ url: receiver.url });
      const events = await Promise.all(Array.from({ length: 50 }, () => api.post()));
      await eventually(
        async () => log.named('dispatch.attempt').length,
        (made) => made === 50,
      );
      expect(events.map(({ id }) => receiver.of(id).length)).toEqual(events.map(() => 1));
      expect(await api.delivery(events[0].id, endpoint.id)).toMatchObject({ status: 'delivered', attempt_number: 1 });
      await eventually(
        async () => service.countMessages('deliveries'),
        ({ visible, inFlight }) => visible + inFlight === 0,
      );
      expect(reads()).toBe(0);
    },
    { around },
  );
  await receiver.stop();
});

test('a thread that dies loses nothing: what it had under way comes back, and it is started again', async () => {
  const receiver = await Receiver.start();
  receiver.delayMs = 20;
  await withThreads({}, async (scene) => {
    const { api, log, threads } = scene;
    await api.endpoint({ url: receiver.url });
    const accepted: string[] = [];
    for (let kill = 1; kill <= 3; kill += 1) {
      await readyThreads(scene, kill);
      const posts = Array.from({ length: 60 }, async (_, nth) => {
        accepted.push((await api.post()).id as string);
        if (nth === 10 + kill * 10) await threads.at(-1)?.kill();
      });
      await Promise.all(posts);
    }
    await eventually(
      async () => accepted.filter((id) => receiver.of(id).length === 0),
      (missing) => missing.length === 0,
      { ms: 30_000 },
    );
    expect(log.named('dispatch.thread-died')).toHaveLength(3);
    // Each kill repeats at most what was under way.
    expect(receiver.arrivals.length - accepted.length).toBeLessThanOrEqual(3 * 60);
  });
  await receiver.stop();
}, 60_000);

test('the limit of requests at once to an endpoint holds while its tenant moves to a thread', async () => {
  const customer = await startCounting(20);
  const { reads, around } = countingReads();
  await withThreads(
    // The first delivery starts it at the earliest, and is made by the main thread.
    { busyFrom: 0.001 },
    async ({ api }) => {
      await api.endpoint({ url: customer.url });
      await api.post();
      await eventually(
        async () => reads(),
        (read) => read > 0,
      );
      // The thread is loading meanwhile. The main thread reads for each delivery that it makes. Between two bursts the tenant
      // can move: more would fill its places for as long as they come.
      const burst = () => Promise.all(Array.from({ length: 8 }, () => api.post()));
      await eventually(
        () => burst().then(() => customer.seen.all - reads()),
        (byThread) => byThread > 80,
        { ms: 30_000, everyMs: 100 },
      );
      expect(customer.seen.most).toBe(3);
    },
    { around, settings: { requestsPerEndpoint: 3 } },
  );
  await customer.stop();
}, 60_000);

test('a thread is started under load, and ended when the service has been idle', async () => {
  const receiver = await Receiver.start();
  const { reads, around } = countingReads();
  await withThreads(
    { busyFrom: 0.02, idleBelow: 1.1, idleMs: 1500 },
    async (scene) => {
      const { api, log, threads } = scene;
      await api.endpoint({ url: receiver.url });
      expect(threads).toHaveLength(0);
      await eventually(
        () => api.post().then(() => threads.length),
        (started) => started === 1,
        { everyMs: 1 },
      );
      await readyThreads(scene);
      await eventually(
        async () => log.named('dispatch.threads-end').length,
        (ended) => ended === 1,
      );
      const before = reads();
      const { id } = await api.post();
      await eventually(
        async () => receiver.of(id).length,
        (arrived) => arrived === 1,
      );
      expect(reads()).toBeGreaterThan(before);
    },
    { around },
  );
  await receiver.stop();
}, 60_000);

test('a service stops while its thread is loading', async () => {
  await withThreads({}, async () => undefined);
});

test('while no thread is there, the main thread makes the deliveries', async () => {
  const receiver = await Receiver.start();
  await withThreads({}, async ({ api, threads, log }) => {
    // Before it has loaded.
    await threads[0]?.kill();
    expect(log.named('dispatch.thread-died')).toHaveLength(1);
    await api.endpoint({ url: receiver.url });
    const { id } = await api.post();
    await eventually(
      async () => receiver.of(id).length,
      (arrived) => arrived === 1,
      { ms: 900 },
    );
  });
  await receiver.stop();
});
