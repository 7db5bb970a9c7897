import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Service, startService } from '../../lib/local/service/service.ts';
import { Api, type Json } from '../e2e/api.ts';
import { Receiver } from '../e2e/receiver.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

let service: Service;
let receiver: Receiver;
let endpoint: Json;
let event: Json;
let delivery: Json;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  receiver = await Receiver.start(() => 500);
  const api = new Api(service, 'acme');
  endpoint = await api.endpoint({ url: receiver.url, retry: { delays: [] } });
  event = await api.post();
  const exhausted = async () => (await api.get(`/v1/events/${event.id}/deliveries`)).data[0];
  await vi.waitUntil(async () => (await exhausted()).status === 'exhausted', { timeout: 20_000, interval: 50 });
  delivery = await exhausted();
}, 60_000);
afterAll(async () => {
  await receiver.stop();
  await service.stop();
});

const access = () => ['--url', service.url, '--key', service.apiKey, '--tenant', 'acme'];
async function inspect(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runScript('inspect', [...args, ...access()]);
  expect(code, stderr).toBe(0);
  return stdout;
}

test('a delivery is shown with its attempts, for people and for programs', async () => {
  const text = await inspect('delivery', delivery.id);
  expect(text).toMatch(/^status +exhausted$/m);
  expect(text).toMatch(/^attempts +1 of 1$/m);
  expect(text).toMatch(/^ {2}#1 .* 500 /m);
  expect(JSON.parse(await inspect('delivery', delivery.id, '--json'))).toMatchObject({ id: delivery.id });
});

test('an event is shown with its deliveries, an endpoint with its health and its last day', async () => {
  expect(await inspect('event', event.id)).toMatch(new RegExp(`^ {2}${delivery.id} +exhausted`, 'm'));
  const text = await inspect('endpoint', endpoint.id);
  expect(text).toMatch(/^failures +1$/m);
  expect(text).toMatch(/^exhausted +1$/m);
});

test('who fails, what waits and what is dead is shown across the deployment', async () => {
  expect(await inspect('failing')).toMatch(new RegExp(`^ {2}acme +${endpoint.id} +1x +500 `, 'm'));
  expect(await inspect('retries')).toMatch(/^exhausted +1$/m);
  const dead = await inspect('dead-letters');
  expect(dead).toMatch(/^in exhausted +1$/m);
  expect(dead).toContain(delivery.id);
});

test.each([
  [['delivery'], 'Say which delivery'],
  [['failing', 'x'], 'failing takes no id'],
  [['endpoint', 'ep_unknown'], 'No such endpoint'],
  [['everything'], "'everything' is invalid"],
])('%j is refused in one line that says what to do', async (args, message) => {
  const { code, stderr } = await runScript('inspect', [...args, ...access()]);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
