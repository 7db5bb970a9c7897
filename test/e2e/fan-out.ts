import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api, type Json, eventually } from './api.ts';
import type { Backend, RunningBackend } from './backend.ts';
import { Receiver } from './receiver.ts';

const ENDPOINTS = 250;
/** Endpoints that are created at once. */
const AT_ONCE = 10;

/** Fan-out and batches over real sockets: more endpoints than an event holds, and events posted together. */
export function describeFanOut(backend: Backend): void {
  describe(`fan-out, ${backend.name}`, () => {
    let running: RunningBackend;
    let receiver: Receiver;

    beforeAll(async () => {
      running = await backend.start();
      receiver = await Receiver.start(undefined, running.receiverPlace);
    });
    afterAll(async () => {
      await running.stop();
      await receiver.stop();
    });

    test('one event reaches 250 endpoints, each once, and its history has them all', async () => {
      const api = new Api(running, `org_${backend.name}_fan_out`);
      for (let n = 0; n < ENDPOINTS; n += AT_ONCE) {
        await Promise.all(
          Array.from({ length: AT_ONCE }, (_, nth) => api.endpoint({ url: `${receiver.url}/${n + nth}` })),
        );
      }
      const key = { 'idempotency-key': 'fan-out-1' };
      const { id, deliveries } = await api.post({}, key);
      expect(deliveries).toBe(ENDPOINTS);
      const { counts } = await eventually(
        () => api.get(`/v1/events/${id}`),
        ({ counts: by }) => by.delivered === ENDPOINTS,
        { ms: 120_000, everyMs: 200 },
      );
      expect(counts).toMatchObject({ pending: 0, retrying: 0, abandoned: 0 });
      const paths = receiver.of(id).map(({ path }) => path);
      expect(new Set(paths).size).toBe(ENDPOINTS);
      expect(paths).toHaveLength(ENDPOINTS);
      expect(await api.post({}, key)).toEqual({ id, deliveries });
      expect(await api.get(`/v1/jobs/job_${id.slice('evt_'.length)}`)).toMatchObject({
        kind: 'fan-out',
        status: 'done',
        processed: ENDPOINTS,
      });
      expect(await listed(api, id)).toHaveLength(ENDPOINTS);
    }, 180_000);

    test('a batch is accepted event by event, each arrives, and a repeated one is the same', async () => {
      const api = new Api(running, `org_${backend.name}_batch`);
      await api.endpoint({ url: `${receiver.url}/batch`, events: ['task.*'] });
      const events = Array.from({ length: 20 }, (_, n) => ({
        type: 'task.completed',
        data: { n },
        idempotency_key: `batch-${n}`,
      }));
      const body = { events: [...events, { type: 'no type', data: 1 }] };
      const { status, body: answer } = await api.call('POST', '/v1/events/batch', body);
      expect(status).toBe(200);
      const ids = answer.data.slice(0, 20).map(({ id }: Json) => id);
      expect(answer.data[20]).toMatchObject({ error: { status: 422 } });
      for (const id of ids) {
        await eventually(
          async () => receiver.of(id),
          (arrivals) => arrivals.length > 0,
        );
      }
      const bodies = ids.map((id: string) => JSON.parse(receiver.of(id)[0]?.body ?? '').data.n);
      expect(bodies).toEqual(events.map(({ data }) => data.n));
      const again = await api.call('POST', '/v1/events/batch', { events });
      expect(again.body.data.map(({ id }: Json) => id)).toEqual(ids);
    });
  });
}

/** The endpoints of all deliveries that the event's list shows, page by page. */
async function listed(api: Api, eventId: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: Json = await api.get(`/v1/events/${eventId}/deliveries?limit=100${query}`);
    for (const { endpoint_id: id } of page.data) found.add(id);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return [...found];
}
