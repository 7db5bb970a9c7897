import { describe, expect, onTestFinished, test } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import {
  type Backlog,
  type BackpressureSettings,
  createBackpressure,
} from '../../../lib/local/service/backpressure.ts';
import type { Ingest } from '../../../lib/pipeline/ingest/ingest.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A queue whose messages are those of `flooding`, and an ingest that notes what it takes in. */
function openGate(settings: Partial<BackpressureSettings> = {}) {
  const clock = new VirtualClock();
  const queue = { ready: 0, flooding: 'flooding', counts: 0 };
  const backlog: Backlog = {
    countReady: (_, most) => {
      queue.counts += 1;
      return Math.min(queue.ready, most);
    },
    aheadOf: (_, group) => (group === queue.flooding ? queue.ready : 0),
  };
  const taken: string[] = [];
  const ingest = Object.assign(
    async ({ tenantId }: { tenantId: string }) => {
      taken.push(tenantId);
      return { id: 'evt_1', deliveries: 1 };
    },
    { batch: async () => [], quota: () => undefined },
  ) as unknown as Ingest;
  const gate = createBackpressure(backlog, clock, { maxBacklog: 3, maxPostWaitMs: 2500, ...settings });
  const gated = gate.around(ingest);
  const post = (tenantId = queue.flooding) =>
    gated({ tenantId } as Parameters<Ingest>[0]).then(
      () => 'accepted',
      ({ code, retryAfterSeconds }) => ({ code, retryAfterSeconds }),
    );
  return { clock, queue, taken, gate, gated, post };
}

const REFUSED = { code: 'over-capacity', retryAfterSeconds: 3 };

describe('backpressure', () => {
  test('past the backlog posts wait, in their order, until messages have been received', async () => {
    const { clock, queue, taken, post } = openGate();
    queue.ready = 3;
    const posts = [post(), post(), post()];
    await clock.advance(1000);
    expect(taken).toEqual([]);
    queue.ready = 1;
    await clock.advance(10);
    // Room for two: those that enter count before they are messages.
    expect(taken).toHaveLength(2);
    queue.ready = 0;
    await clock.advance(10);
    expect(await Promise.all(posts)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  test('posts of a low rate share a count for a tenth of a second, and no more than eight of them', async () => {
    const { clock, queue, gated, post } = openGate({ maxBacklog: 1000 });
    for (let n = 0; n < 4; n += 1) {
      await post();
      await clock.advance(20);
    }
    expect(queue.counts).toBe(1);
    await clock.advance(20);
    for (let n = 0; n < 9; n += 1) {
      await post();
      await clock.advance(10);
    }
    expect(queue.counts).toBe(3);
    await gated.batch(Array.from({ length: 8 }, () => ({ tenantId: queue.flooding }) as Parameters<Ingest>[0]));
    await clock.advance(10);
    await post();
    expect(queue.counts).toBe(4);
  });

  test('events of a batch that had to wait count as those of one that had not', async () => {
    const { clock, queue, gated, post } = openGate({ maxBacklog: 1000 });
    queue.ready = 1000;
    const late = gated.batch(Array.from({ length: 8 }, () => ({ tenantId: queue.flooding }) as Parameters<Ingest>[0]));
    queue.ready = 0;
    await clock.advance(10);
    await late;
    const before = queue.counts;
    await clock.advance(10);
    await post();
    expect(queue.counts).toBe(before + 1);
  });

  test('a backlog that is half full is counted every 10 ms', async () => {
    const { clock, queue, post } = openGate({ maxBacklog: 1000 });
    queue.ready = 500;
    await post();
    queue.ready = 1000;
    await clock.advance(10);
    const late = post();
    await clock.advance(2500);
    expect(await late).toEqual(REFUSED);
  });

  test('a post that has waited for as long as it may is refused with a Retry-After, and nothing of it is accepted', async () => {
    const { clock, queue, taken, post, gated } = openGate();
    queue.ready = 3;
    const early = post();
    await clock.advance(1000);
    const late = post();
    const batch = gated.batch([{ tenantId: queue.flooding } as Parameters<Ingest>[0]]).catch(({ code }) => code);
    await clock.advance(1500);
    expect(await early).toEqual(REFUSED);
    queue.ready = 0;
    await clock.advance(10);
    expect(await late).toBe('accepted');
    expect(await batch).toEqual([]);
    expect(taken).toEqual([queue.flooding]);
  });

  test('a tenant that has nothing in the backlog does not wait for one that floods', async () => {
    const { clock, queue, taken, post } = openGate();
    queue.ready = 3;
    const flooding = post();
    expect(await post('other')).toBe('accepted');
    expect(taken).toEqual(['other']);
    await clock.advance(2500);
    expect(await flooding).toEqual(REFUSED);
  });

  test('without a limit nobody waits, and a service that stops lets nobody wait', async () => {
    const { queue, post, gate } = openGate();
    queue.ready = 3;
    const waiting = post();
    gate.close();
    expect(await waiting).toEqual(REFUSED);
    expect(await post()).toEqual(REFUSED);
    const open = openGate({ maxBacklog: Number.POSITIVE_INFINITY });
    open.queue.ready = 1_000_000;
    expect(await open.post()).toBe('accepted');
  });
});

/** Lets no read of dispatch return before it is released, so that what is received stays and the rest is ready. */
function stuckDispatch() {
  const released = Promise.withResolvers<void>();
  const around = (ports: Ports): Ports => ({
    ...ports,
    reader: {
      read: async (...args) => {
        await released.promise;
        return ports.reader.read(...args);
      },
    },
  });
  return { released, around };
}

function clientOf(service: Service, tenant: string) {
  return async (path: string, body: unknown) => {
    const headers = {
      authorization: `Bearer ${service.apiKey}`,
      'content-type': 'application/json',
      'postrider-tenant': tenant,
    };
    const response = await fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
  };
}

test('past the backlog a post is answered 429, other tenants’ are not, and every event that was accepted arrives', async () => {
  const { released, around } = stuckDispatch();
  const receiver = await Receiver.start();
  onTestFinished(() => receiver.stop());
  const backpressure = { maxBacklog: 20, maxPostWaitMs: 50 };
  const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog(), around, backpressure });
  onTestFinished(() => service.stop());
  const [post, postOfOther] = [clientOf(service, 'acme'), clientOf(service, 'other')];
  for (const call of [post, postOfOther]) await call('/v1/endpoints', { url: receiver.url, events: ['*'] });

  const events = Array.from({ length: 100 }, (_, n) => ({ type: 'a.b', data: { n } }));
  const accepted = new Set<string>();
  // All that dispatch takes up at once, and a hundred that it does not.
  for (let batch = 0; batch < 5; batch += 1) {
    const { status, body } = await post('/v1/events/batch', { events });
    if (status === 200) for (const { id } of (body as { data: { id: string }[] }).data) accepted.add(id);
  }
  const refused = await post('/v1/events', { type: 'a.b', data: {} });
  expect(refused).toMatchObject({ status: 429, retryAfter: '1', body: { type: '/problems/over-capacity' } });
  const refusedBatch = await post('/v1/events/batch', { events });
  expect(refusedBatch).toMatchObject({ status: 429, body: { type: '/problems/over-capacity' } });
  const other = await postOfOther('/v1/events', { type: 'a.b', data: {} });
  expect(other.status).toBe(202);
  accepted.add((other.body as { id: string }).id);

  released.resolve();
  await expect.poll(() => receiver.arrivals.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(accepted.size);
  expect(new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id']))).toEqual(accepted);
  expect((await post('/v1/events', { type: 'a.b', data: {} })).status).toBe(202);
});
