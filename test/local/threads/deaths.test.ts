import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { receiptsOf } from '../../../lib/adapters/sqlite/sharing.ts';
import { DATABASE_FILE } from '../../../lib/local/service/data-folder.ts';
import { SharedPlaces } from '../../../lib/local/threads/shared-places.ts';
import type { DeliveryThread } from '../../../lib/local/threads/delivery-thread.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { type ThreadScene, startByLoad, withThreads, workingThreads } from './scene.ts';

/** Milliseconds that the main thread stands at a time, in which the others go on. */
const GLANCE_MS = 5;

const ownerOf = ({ data }: DeliveryThread) => new Int32Array(data.store.turn);

/** Kills a thread as it has a turn to write. @returns it */
async function killInTurn(threads: readonly DeliveryThread[]): Promise<DeliveryThread> {
  const [first] = threads as [DeliveryThread];
  const inTurn = () => threads.find(({ data }) => Atomics.load(ownerOf(first), 0) === data.number);
  for (const end = Date.now() + 20_000; Date.now() < end; await turn()) {
    let thread: DeliveryThread | undefined;
    for (const until = performance.now() + GLANCE_MS; !thread && performance.now() < until;) thread = inTurn();
    if (!thread) continue;
    await thread.kill();
    return thread;
  }
  throw new Error('none had a turn');
}

/** How many messages a thread has received that are neither deleted nor hidden. */
function underWayOf({ service }: ThreadScene, { data }: DeliveryThread): number {
  const database = new DatabaseSync(join(service.dataDir, DATABASE_FILE), { readOnly: true, timeout: 5000 });
  const count = `SELECT count(*) AS count FROM messages WHERE state = 'in-flight' AND receipt GLOB ?`;
  const row = database.prepare(count).get(`${receiptsOf(data.number)}*`);
  database.close();
  return Number(row?.count);
}

test('a thread that dies loses nothing, also within its turn to write, and repeats at most what it had under way', async () => {
  const receiver = await Receiver.start();
  receiver.delayMs = 10;
  await withThreads({}, async (scene) => {
    const { api, log, service } = scene;
    await api.endpoint({ url: receiver.url });
    const accepted: string[] = [];
    let underWay = 0;
    for (let kill = 1; kill <= 4; kill += 1) {
      const threads = await workingThreads(scene);
      const load = { isOver: false };
      const post = async () => {
        while (!load.isOver) accepted.push((await api.post()).id as string);
      };
      const killOne = async () => {
        const before = accepted.length;
        const enough = (posted: number) => posted >= 10 * kill;
        await eventually(async () => accepted.length - before, enough, { everyMs: 1 });
        const [one] = threads as [DeliveryThread];
        const dying = kill % 2 === 0 ? await one.kill().then(() => one) : await killInTurn(threads);
        underWay += underWayOf(scene, dying);
      };
      await Promise.all([killOne().finally(() => (load.isOver = true)), ...Array.from({ length: 6 }, post)]);
    }
    await eventually(
      async () => accepted.filter((id) => receiver.of(id).length === 0),
      (missing) => missing.length === 0,
      { ms: 30_000 },
    );
    await eventually(
      async () => service.countMessages('deliveries'),
      ({ visible, inFlight }) => visible + inFlight === 0,
      { ms: 30_000 },
    );
    expect(log.named('dispatch.thread-died')).toHaveLength(4);
    expect(log.named('dispatch.not-recovered')).toEqual([]);
    expect(underWay).toBeGreaterThan(0);
    expect(receiver.arrivals.length - accepted.length).toBeLessThanOrEqual(underWay);
    for (const id of accepted.filter((_, nth) => nth % 10 === 0))
      expect(await api.get(`/v1/events/${id}`)).toMatchObject({ counts: { delivered: 1, pending: 0 } });
  });
  await receiver.stop();
}, 120_000);

test('a thread that dies in its turn to write ends it: the others do not go on without turns', async () => {
  const receiver = await Receiver.start();
  await withThreads({ busyFrom: 0.75 }, async (scene) => {
    const { api } = scene;
    await api.endpoint({ url: receiver.url });
    await startByLoad(scene);
    const [dying] = (await workingThreads(scene)) as [DeliveryThread];
    const owner = ownerOf(dying);
    await eventually(
      async () => Atomics.compareExchange(owner, 0, 0, dying.data.number),
      (before) => before === 0,
      { everyMs: 0 },
    );
    await dying.kill();
    await eventually(
      async () => Atomics.load(owner, 0),
      (now) => now !== dying.data.number,
      { ms: 3000 },
    );
    const { id } = await api.post();
    await eventually(
      async () => receiver.of(id).length,
      (arrived) => arrived === 1,
    );
  });
  await receiver.stop();
}, 60_000);

test('what a thread had under way as it died is made by the other, though nothing else is sent', async () => {
  const receiver = await Receiver.start();
  // Nobody starts a thread in its place: the main thread is not busy.
  await withThreads({ busyFrom: 0.75 }, async (scene) => {
    const { api, log, service } = scene;
    await api.endpoint({ url: receiver.url });
    await startByLoad(scene);
    receiver.delayMs = 1500;
    const ids: string[] = await Promise.all(Array.from({ length: 60 }, () => api.post().then(({ id }) => id)));
    const [dying] = await eventually(
      async () => scene.threads.filter((thread) => underWayOf(scene, thread) > 0),
      (having) => having.length > 0,
    );
    await dying?.kill();
    const left = dying ? underWayOf(scene, dying) : 0;
    receiver.delayMs = 0;
    await eventually(
      async () => service.countMessages('deliveries'),
      ({ visible, inFlight }) => visible + inFlight === 0,
      // A thread that nobody tells of them looks after 30 s.
      { ms: 15_000 },
    );
    expect(scene.threads).toHaveLength(2);
    expect(log.named('dispatch.thread-died')).toHaveLength(1);
    for (const id of ids) expect(await api.get(`/v1/events/${id}`)).toMatchObject({ counts: { delivered: 1 } });
    // What the other thread has under way stays its own.
    const arrived = ids.map((id) => receiver.of(id).length);
    expect(arrived.filter((times) => times > 1).length).toBeLessThanOrEqual(left);
    expect(Math.max(...arrived)).toBeLessThanOrEqual(2);
    // Nor does it take places any more.
    const inFlight = () => new SharedPlaces(scene.threads[0]?.data.places as SharedArrayBuffer, 0).count('', '').all;
    await eventually(
      async () => inFlight(),
      (count) => count === 0,
    );
  });
  await receiver.stop();
}, 60_000);

test('when the last thread dies, the main thread makes the deliveries again', async () => {
  const receiver = await Receiver.start();
  // Nobody starts a thread in the place of another: the main thread is not busy.
  await withThreads({ busyFrom: 0.75 }, async (scene) => {
    const { api } = scene;
    await api.endpoint({ url: receiver.url });
    await startByLoad(scene);
    for (const thread of await workingThreads(scene)) await thread.kill();
    const { id } = await api.post();
    await eventually(
      async () => receiver.of(id).length,
      (arrived) => arrived === 1,
    );
    expect(scene.threads).toHaveLength(2);
  });
  await receiver.stop();
}, 60_000);
