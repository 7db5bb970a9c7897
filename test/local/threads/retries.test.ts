import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATABASE_FILE } from '../../../lib/local/service/data-folder.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { startCustomer } from '../../support/customer-server.ts';
import { type ThreadScene, countingReads, startByLoad, withThreads, workingThreads } from './scene.ts';

/** A thread that nobody tells of a message looks after 30 s. */
const BEFORE_IT_LOOKS = { ms: 15_000 };

/** Fails the first two attempts of each event. */
async function startFailing() {
  const receiver = await Receiver.start((nth) => (nth <= 2 ? 500 : 200));
  const reached = (id: string, count: number, options = {}) =>
    eventually(
      async () => receiver.of(id).length,
      (made) => made >= count,
      options,
    );
  return { receiver, reached };
}

/** Fails the first attempt at once, and the second one when it is told to. */
async function startHolding() {
  const held = Promise.withResolvers<void>();
  const customer = await startCustomer(async (_, response) => {
    const nth = customer.requests.length;
    if (nth === 2) await held.promise;
    response.writeHead(nth <= 2 ? 500 : 200).end();
  });
  const reached = (count: number, options = {}) =>
    eventually(
      async () => customer.requests.length,
      (made) => made >= count,
      options,
    );
  return { url: customer.url, reached, release: held.resolve };
}

/** The numbers of the threads that have hidden a message of retries. */
function hiders({ service }: ThreadScene): number[] {
  const database = new DatabaseSync(join(service.dataDir, DATABASE_FILE), { readOnly: true, timeout: 5000 });
  const rows = database.prepare(`SELECT receipt FROM messages WHERE queue = 'retries' AND state = 'hidden'`).all();
  database.close();
  return rows.map(({ receipt }) => Number.parseInt(`${receipt}`, 10));
}

const hidden = (scene: ThreadScene) =>
  eventually(
    async () => hiders(scene),
    (numbers) => numbers.length > 0,
  ).then(([number]) => number);

test('a retry that the main thread hides while threads work is made by one of them, at its time', async () => {
  const { url, reached, release } = await startHolding();
  const other = await Receiver.start();
  const { reads, around } = countingReads();
  await withThreads(
    { busyFrom: 0.75 },
    async (scene) => {
      const { api } = scene;
      await api.endpoint({ url, events: ['task.*'], retry: { delays: [1, 3] } });
      await api.endpoint({ url: other.url, events: ['load.*'] });
      await api.post();
      await reached(2);
      await startByLoad(scene);
      // The main thread has it, and the threads have seen that there is nothing for them.
      release();
      expect(await hidden(scene)).toBe(1);
      const before = reads();
      await reached(3, BEFORE_IT_LOOKS);
      expect(reads()).toBe(before);
    },
    { around },
  );
  await other.stop();
}, 60_000);

test('a retry that a thread hid is made by the main thread, at its time, when the threads have ended', async () => {
  const { receiver, reached } = await startFailing();
  const { reads, around } = countingReads();
  await withThreads(
    { busyFrom: 0.75, idleBelow: 1.1, idleMs: 8000 },
    async (scene) => {
      const { api, log, threads } = scene;
      await api.endpoint({ url: receiver.url, events: ['task.*'], retry: { delays: [1, 13] } });
      const other = await Receiver.start();
      await api.endpoint({ url: other.url, events: ['load.*'] });
      await startByLoad(scene);
      const { id } = await api.post();
      await reached(id, 2);
      expect(await hidden(scene)).toBeGreaterThan(1);
      await eventually(
        async () => scene.living.size,
        (living) => living === 0,
      );
      expect(log.named('dispatch.threads-end')).toHaveLength(1);
      const before = reads();
      await reached(id, 3, BEFORE_IT_LOOKS);
      expect(reads()).toBeGreaterThan(before);
      expect(threads).toHaveLength(2);
      await other.stop();
    },
    { around },
  );
  await receiver.stop();
}, 60_000);

test('a retry that a thread hid for long is made by the other one, at its time, after that thread has died', async () => {
  const { receiver, reached } = await startFailing();
  await withThreads({ busyFrom: 0.75 }, async (scene) => {
    const { api, living } = scene;
    await api.endpoint({ url: receiver.url, events: ['task.*'], retry: { delays: [1, 6] } });
    const other = await Receiver.start();
    await api.endpoint({ url: other.url, events: ['load.*'] });
    await startByLoad(scene);
    const { id } = await api.post();
    await reached(id, 2);
    const number = await hidden(scene);
    const hider = (await workingThreads(scene)).find(({ data }) => data.number === number);
    expect(hider).toBeDefined();
    await hider?.kill();
    expect(living.size).toBe(1);
    await reached(id, 3, BEFORE_IT_LOOKS);
    const [, second = 0, third = 0] = receiver.of(id).map(({ at }) => at);
    // Not early: its wait is not that of what the thread had under way.
    expect(third - second).toBeGreaterThan(4000);
    await other.stop();
  });
  await receiver.stop();
}, 60_000);
