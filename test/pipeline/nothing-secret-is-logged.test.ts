import { expect, test } from 'vitest';
import { sourceOf } from '../../lib/api/sources/read-message.ts';
import { OPERATIONAL_TYPES } from '../../lib/domain/operational-event.ts';
import { pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { createTakeIn } from '../../lib/pipeline/sources/take-in.ts';
import { CANARY, NO_JSON, SIGNING_SECRET, failing, linesWithCanary, unreadable } from '../support/canary.ts';
import { isLong } from '../support/extent.ts';
import { Life, intercept } from '../support/fault-injection.ts';
import { Process, TENANT, World } from '../support/world.ts';

const HOUR = 3_600_000;
const SEEDS = Array.from({ length: isLong ? 40 : 4 }, (_, n) => n + 1);
const PAYLOAD = JSON.stringify({ [`${CANARY}-name`]: `${CANARY} and more` });

/** Endpoints with canaries in all that is secret of them; answers the id of one that succeeds. */
async function prepare(world: World): Promise<string> {
  const headers = { 'x-token': CANARY, authorization: `Bearer ${CANARY}` };
  const sealed = { signingSecret: SIGNING_SECRET, headers };
  const query = `token=${CANARY}#${CANARY}`;
  await world.endpoint({ url: `https://gone.example/hook?${query}`, ...sealed, retry: { delays: [5, 5] } });
  await world.endpoint({ url: `https://also.example/?${query}`, auth: { type: 'bearer', token: CANARY } });
  await world.endpointAnswering([{ status: 500, body: PAYLOAD }, 'timeout', 200], sealed);
  await world.endpointAnswering(410, { auth: { type: 'basic', username: CANARY, password: CANARY } });
  await world.endpointAnswering({ status: 200, durationMs: 9000, body: PAYLOAD }, sealed);
  world.ports.mailer = { send: async () => {} };
  const address = { tenantId: TENANT, address: `${CANARY}@example.com`, types: OPERATIONAL_TYPES, confirmedAt: 1 };
  await world.store.alertAddresses.replaceIfVersion({ ...address, askedAt: [], version: '1' }, undefined);
  return (await world.endpointAnswering(200, sealed)).id;
}

/** A day in which everything happens, in a process of whose calls one in eight fails. */
async function play(world: World, seed: number): Promise<void> {
  const id = await prepare(world);
  const process = new Process(intercept(world.ports, failing(seed, 0.125)), new Life(), world.settings);
  const request = { tenantId: TENANT, event: { type: 'task.completed', data: PAYLOAD } };
  for (let n = 0; n < 12; n += 1) {
    await process.ingest({ ...request, idempotencyKey: `${CANARY}-${n}` }).catch(() => undefined);
    await world.run(process, 20_000);
  }
  await pauseEndpoint(world.ports, TENANT, id);
  await resumeEndpoint(world.ports, TENANT, id, 'release');
  const unread = [NO_JSON, PAYLOAD].map((body) => ({ body, group: 'x' }));
  for (const queue of ['deliveries', 'retries', 'slow', 'jobs'] as const) await world.store.queues.send(queue, unread);
  await takeIn(world, process);
  await world.run(process, 30 * HOUR);
}

/** What can't be an event, and one that can; once the refused ones are kept, and once they can't be. */
async function takeIn(world: World, { ingest }: Process): Promise<void> {
  const event = { tenant_id: TENANT, type: 'a.b', data: { [CANARY]: 1 }, idempotency_key: CANARY };
  const bodies = [NO_JSON, PAYLOAD, JSON.stringify({ ...event, type: `${CANARY}!` }), JSON.stringify(event)];
  const messages = bodies.map((body, n) => ({ id: `m${n}`, body, receiveCount: 9 }));
  for (const put of [async () => {}, () => Promise.reject(unreadable())])
    await createTakeIn({ log: world.log, refused: { put } }, ingest)(sourceOf('orders', undefined), messages);
}

test.each(SEEDS)(
  'no line of the pipeline has a secret, a payload, a header, a query or an address, whatever fails: history %i',
  async (seed) => {
    using world = new World(seed);
    await play(world, seed);
    expect(linesWithCanary(world.log.lines)).toEqual([]);
    const events = new Set(world.log.lines.map(({ event }) => event));
    for (const event of ['dispatch.attempt', 'dispatch.fault', 'dispatch.poisoned', 'job.poisoned', 'source.refused'])
      expect(events).toContain(event);
  },
);

test('the check finds what is logged, in both forms', () => {
  using world = new World();
  world.log.info('a.line', { url: `https://a.example/?${CANARY}` });
  world.log.error('a.fault', new Error(CANARY));
  expect(linesWithCanary(world.log.lines).length).toBeGreaterThanOrEqual(4);
});
