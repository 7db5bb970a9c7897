import { expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { countingReads, startByLoad, withThreads, workingThreads } from './scene.ts';

test('threads make the deliveries and write them, each once, and the main thread makes none', async () => {
  const receiver = await Receiver.start();
  const { reads, around } = countingReads();
  await withThreads(
    {},
    async (scene) => {
      const { api, service, log } = scene;
      await workingThreads(scene);
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
}, 60_000);

test('threads are started under load, and ended when the service has been idle', async () => {
  const receiver = await Receiver.start();
  const { reads, around } = countingReads();
  await withThreads(
    { busyFrom: 0.75, idleBelow: 1.1, idleMs: 4000 },
    async (scene) => {
      const { api, log, threads } = scene;
      await api.endpoint({ url: receiver.url });
      expect(threads).toHaveLength(0);
      await startByLoad(scene);
      await eventually(
        async () => log.named('dispatch.threads-end').length,
        (ended) => ended === 1,
      );
      expect(await Promise.all(threads.map(({ ended }) => ended))).toEqual([undefined, undefined]);
      const before = reads();
      const { id } = await api.post();
      await eventually(
        async () => receiver.of(id).length,
        (arrived) => arrived === 1,
      );
      expect(reads()).toBeGreaterThan(before);
      expect(threads).toHaveLength(2);
    },
    { around },
  );
  await receiver.stop();
}, 60_000);

test('a service stops while its threads are loading', async () => {
  await withThreads({}, async () => undefined);
});

test('while no thread is there, the main thread makes the deliveries', async () => {
  const receiver = await Receiver.start();
  await withThreads({}, async ({ api, threads, log }) => {
    // Before it has loaded.
    await Promise.all(threads.map((thread) => thread.kill()));
    expect(log.named('dispatch.thread-died')).toHaveLength(2);
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
