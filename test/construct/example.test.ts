import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../../lib/local/service/service.ts';
import { MemoryLog } from '../support/memory-log.ts';

interface Example {
  postEvent(api: { url: string; key: string }, order: Record<string, string>): Promise<{ id: string }>;
}
// It is JavaScript, without declarations.
const source = new URL('../../examples/platform/orders/post-event.mjs', import.meta.url);
const { postEvent } = (await import(source.href)) as Example;

let service: Service;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
});
afterAll(() => service.stop());

const order = { id: 'o-1', customer: 'org_a', status: 'shipped' };

test('the example’s platform posts an event for an order, once however often it calls', async () => {
  const api = { url: service.url, key: service.apiKey };
  const event = await postEvent(api, order);
  expect(event.id).toMatch(/^evt_/);
  expect(await postEvent(api, order)).toMatchObject({ id: event.id });
  expect((await postEvent(api, { ...order, status: 'returned' })).id).not.toBe(event.id);
});

test('it says what Postrider answered to a key that is none', async () => {
  const refused = postEvent({ url: service.url, key: 'prk_none' }, order);
  await expect(refused).rejects.toThrow(/^Postrider answered 401: /);
});
