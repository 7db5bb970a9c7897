import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ApiClient, createApiClient } from '../../../lib/local/demo/api-client.ts';
import {
  type DemoReceiver,
  type DemoReceiverOptions,
  startDemoReceiver,
} from '../../../lib/local/demo/demo-receiver.ts';
import { listen } from '../../../lib/local/service/listener.ts';
import { type Service, type ServiceOptions, startService } from '../../../lib/local/service/service.ts';
import { restartReceiver, showFirstDelivery } from '../../../lib/local/demo/showcase.ts';
import { StartFailure } from '../../../lib/local/service/start-failure.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let folder: string;
let log: MemoryLog;
let services: Service[];
let receivers: DemoReceiver[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-service-'));
  log = new MemoryLog();
  services = [];
  receivers = [];
});

afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<ServiceOptions> = {}): Promise<Service> {
  const service = await startService({ dataDir: join(folder, 'data'), port: 0, log, ...options });
  services.push(service);
  return service;
}

async function receive(options: Partial<DemoReceiverOptions> = {}): Promise<DemoReceiver> {
  const receiver = await startDemoReceiver({ secret: SECRET, port: 0, ...options });
  receivers.push(receiver);
  return receiver;
}

function register(api: ApiClient, receiver: { url: string }): Promise<{ id: string }> {
  return api.post('/v1/endpoints', { url: receiver.url, events: ['*'], signing_secret: SECRET });
}

const postEvent = (api: ApiClient) => api.post<{ id: string }>('/v1/events', { type: 'a.b', data: {} });

async function statusOf(api: ApiClient, event: { id: string }): Promise<string | undefined> {
  const { data } = await api.get<{ data: { status: string }[] }>(`/v1/events/${event.id}/deliveries`);
  return data[0]?.status;
}

const errorsOf = ({ lines }: MemoryLog) => lines.filter(({ level }) => level === 'error');

describe('an embedded service', () => {
  test('works beside others in one process', async () => {
    const both = await Promise.all([start({ dataDir: join(folder, 'a') }), start({ dataDir: ':memory:' })]);
    for (const service of both) {
      const arrivals: boolean[] = [];
      const receiver = await receive({ onReceived: ({ verification }) => arrivals.push(verification.ok) });
      const api = createApiClient(service);
      await register(api, receiver);
      await postEvent(api);
      await vi.waitFor(() => expect(arrivals).toEqual([true]));
    }
    expect(both[0]?.apiKey).not.toBe(both[1]?.apiKey);
  });

  test('has the same key at each start, and keeps only its hash', async () => {
    const first = await start();
    expect(first.isNew).toBe(true);
    await first.stop();
    const second = await start();
    expect(second.isNew).toBe(false);
    expect(second.apiKey).toBe(first.apiKey);
    await second.stop();
    const files = readdirSync(second.dataDir).map((name) => readFileSync(join(second.dataDir, name)));
    const hash = createHash('sha256').update(first.apiKey).digest('hex');
    expect(files.some((content) => content.includes(hash))).toBe(true);
    expect(files.some((content) => content.includes(first.apiKey.slice('prk_'.length)))).toBe(false);
  });

  test('has a platform key: it names the tenant, by default `default`', async () => {
    const service = await start();
    const listOf = async (tenant: string | undefined) => {
      const headers = { authorization: `Bearer ${service.apiKey}`, ...(tenant && { 'postrider-tenant': tenant }) };
      const answer = await fetch(`${service.url}/v1/events`, { headers });
      return ((await answer.json()) as { data: unknown[] }).data.length;
    };
    await postEvent(createApiClient(service));
    expect([await listOf(undefined), await listOf('default'), await listOf('other')]).toEqual([1, 1, 0]);
  });

  test('finishes a delivery that is in flight before it stops', async () => {
    const service = await start();
    const arrived = Promise.withResolvers<void>();
    const slow = createServer((_request, response) => {
      arrived.resolve();
      setTimeout(() => response.end(), 300);
    });
    const listener = await listen(slow, '127.0.0.1', 0);
    receivers.push({ url: listener.url, stop: listener.close });
    const api = createApiClient(service);
    await register(api, { url: listener.url });
    const event = await postEvent(api);
    await arrived.promise;
    await service.stop();
    const again = await start();
    expect(await statusOf(createApiClient(again), event)).toBe('delivered');
    expect(errorsOf(log)).toEqual([]);
  });

  test('carries a retry on after a restart', async () => {
    const first = await start();
    const receiver = await receive({ respond: (nth) => (nth === 1 ? 500 : 200) });
    const api = createApiClient(first);
    await api.post('/v1/endpoints', {
      url: receiver.url,
      events: ['*'],
      signing_secret: SECRET,
      retry: { delays: [1] },
    });
    const event = await postEvent(api);
    await vi.waitFor(async () => expect(await statusOf(api, event)).toBe('retrying'));
    await first.stop();
    const again = createApiClient(await start());
    await vi.waitFor(async () => expect(await statusOf(again, event)).toBe('delivered'), { timeout: 5000 });
  });

  test('leaves nothing open when it can’t start: the folder is free for the next one', async () => {
    const first = await start({ dataDir: ':memory:' });
    const failing = start({ port: first.port });
    await expect(failing).rejects.toThrow(StartFailure);
    await expect(failing).rejects.toThrow(`Port ${first.port} of 127.0.0.1 is in use`);
    expect((await start()).port).not.toBe(first.port);
  });
});

describe('the demo receiver', () => {
  test('gets the first event, verified', async () => {
    const { receiver, received } = await showFirstDelivery(await start());
    receivers.push(receiver);
    expect(received?.verification).toEqual({ ok: true });
    expect(JSON.parse(received?.body ?? '')).toMatchObject({ type: 'demo.hello' });
  });

  test('answers 401 to what nobody signed', async () => {
    const receiver = await receive();
    const answer = await fetch(receiver.url, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  test('is at its old port again after a restart, and its endpoint verifies as before', async () => {
    const first = await start();
    const showcase = await showFirstDelivery(first);
    await first.stop();
    await showcase.receiver.stop();
    const second = await start();
    const receiver = await restartReceiver(second);
    if (receiver) receivers.push(receiver);
    expect(receiver?.url).toBe(showcase.receiver.url);
    const api = createApiClient(second);
    const event = await postEvent(api);
    await vi.waitFor(async () => expect(await statusOf(api, event)).toBe('delivered'));
  });

  test('moves to another port, with its endpoint, when the old one is in use', async () => {
    const first = await start();
    const showcase = await showFirstDelivery(first);
    await first.stop();
    receivers.push(showcase.receiver);
    const second = await start();
    const receiver = await restartReceiver(second);
    if (receiver) receivers.push(receiver);
    expect(receiver?.url).not.toBe(showcase.receiver.url);
    const api = createApiClient(second);
    const { data } = await api.get<{ data: { url: string }[] }>('/v1/endpoints');
    expect(data.map(({ url }) => url)).toEqual([receiver?.url]);
  });

  test('stays away when its endpoint was deleted', async () => {
    const service = await start();
    const { receiver } = await showFirstDelivery(service);
    receivers.push(receiver);
    const api = createApiClient(service);
    const { data } = await api.get<{ data: { id: string }[] }>('/v1/endpoints');
    await fetch(`${service.url}/v1/endpoints/${data[0]?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${service.apiKey}` },
    });
    expect(await restartReceiver(service)).toBeUndefined();
  });
});
