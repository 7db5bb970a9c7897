import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { DATABASE_FILE } from '../../../lib/local/service/data-folder.ts';
import { eventually } from '../../e2e/api.ts';
import { countingReads, withThreads, workingThreads } from './scene.ts';

/** A customer's server that counts how many requests it has at once, by path and of all. */
async function startCounting(answerMs: number) {
  const seen = { now: new Map<string, number>(), most: new Map<string, number>(), all: 0 };
  const change = (name: string, by: number) => {
    const now = (seen.now.get(name) ?? 0) + by;
    seen.now.set(name, now);
    seen.most.set(name, Math.max(seen.most.get(name) ?? 0, now));
  };
  const server = createServer((request, response) => {
    const names = ['all', request.url ?? ''];
    seen.all += 1;
    for (const name of names) change(name, 1);
    setTimeout(() => {
      for (const name of names) change(name, -1);
      response.end();
    }, answerMs);
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

test('the limits of an endpoint and of a tenant hold among all threads, while they start, work and end', async () => {
  // So long that each thread has requests under way as the next one begins, and as it ends itself.
  const customer = await startCounting(150);
  const { reads, around } = countingReads();
  const settings = { requestsPerEndpoint: 3, requestsPerTenant: 5 };
  await withThreads(
    // They end three seconds after they have started, however busy they are, and start again a second later.
    { busyFrom: 0.001, idleBelow: 1.1, idleMs: 3000 },
    async ({ api, log, threads }) => {
      for (const path of ['/a', '/b']) await api.endpoint({ url: customer.url + path, events: ['*'] });
      let posted = 0;
      const burst = async () => {
        await Promise.all(Array.from({ length: 6 }, () => api.post()));
        posted += 6;
      };
      await eventually(
        () => burst().then(() => log.named('dispatch.threads-end').length),
        // The main thread reads for each delivery that it makes; the others come late on a busy machine.
        (ended) => ended >= 2 && threads.length >= 6 && customer.seen.all - reads() > 50,
        { ms: 40_000, everyMs: 350 },
      );
      expect(reads()).toBeGreaterThan(10);
      expect(Object.fromEntries(customer.seen.most)).toEqual({ all: 5, '/a': 3, '/b': 3 });
      await eventually(
        async () => customer.seen.all,
        (all) => all === 2 * posted,
        { ms: 60_000 },
      );
      expect(Object.fromEntries(customer.seen.most)).toEqual({ all: 5, '/a': 3, '/b': 3 });
    },
    { around, settings },
  );
  await customer.stop();
}, 120_000);

test('what the only thread has received of a tenant stands in line for a place, and is not put back for seconds', async () => {
  const customer = await startCounting(30);
  const endpoints = 400;
  await withThreads(
    { count: 1 },
    async (scene) => {
      const { api, service } = scene;
      await workingThreads(scene, 1);
      for (let at = 0; at < endpoints; at += 1) await api.endpoint({ url: `${customer.url}/${at}`, events: ['*'] });
      using database = new DatabaseSync(join(service.dataDir, DATABASE_FILE), { readOnly: true });
      const hidden = database.prepare(`SELECT COUNT(*) AS messages FROM messages WHERE state = 'hidden'`);
      await api.post();
      let putBack = 0;
      const arrived = async () => {
        putBack = Math.max(putBack, Number(hidden.get()?.messages));
        return customer.seen.all;
      };
      await eventually(arrived, (all) => all === endpoints, { everyMs: 5 });
      expect(putBack).toBe(0);
    },
    { settings: { requestsPerTenant: 40 } },
  );
  await customer.stop();
});
