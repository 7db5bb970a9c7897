import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openKeyFile } from '../../../lib/adapters/key-file/key-file.ts';
import { deriveApiKey } from '../../../lib/adapters/key-file/secret-box.ts';
import { type ApiClient, createApiClient } from '../../../lib/local/demo/api-client.ts';
import {
  type DemoReceiver,
  type DemoReceiverOptions,
  startDemoReceiver,
} from '../../../lib/local/demo/demo-receiver.ts';
import { listen } from '../../../lib/local/service/listener.ts';
import type { ServiceOptions } from '../../../lib/local/service/service-options.ts';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { restartReceiver, showFirstDelivery } from '../../../lib/local/demo/showcase.ts';
import { StartFailure } from '../../../lib/local/service/start-failure.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { QueueName, QueueSender } from '../../../lib/ports/queues.ts';
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

  test('works all of its queues', async () => {
    const worked: readonly QueueName[] = ['deliveries', 'retries', 'slow', 'jobs'];
    const queues = Promise.withResolvers<QueueSender>();
    const around = (ports: Ports) => {
      queues.resolve(ports.queues);
      return ports;
    };
    const service = await start({ dataDir: ':memory:', around });
    const sender = await queues.promise;
    for (const queue of worked) await sender.send(queue, [{ body: 'nothing that can be read', group: 'any' }]);
    const poisoned = () => service.countMessages('poison').visible;
    await vi.waitFor(() => expect(poisoned()).toBe(worked.length), { timeout: 5000 });
    const from = log.lines.filter(({ event }) => event.endsWith('.poisoned')).map(({ fields }) => fields.queue);
    expect(from.toSorted()).toEqual(worked.toSorted());
  });

  test('has the same key at each start; one file has it, and the store its hash', async () => {
    const first = await start();
    expect(first.isNew).toBe(true);
    await first.stop();
    const second = await start();
    expect(second.isNew).toBe(false);
    expect(second.apiKey).toBe(first.apiKey);
    await second.stop();
    const contents = readdirSync(second.dataDir).map(
      (name) => [name, readFileSync(join(second.dataDir, name))] as const,
    );
    const hash = createHash('sha256').update(first.apiKey).digest('hex');
    const filesWith = (text: string) => contents.flatMap(([name, content]) => (content.includes(text) ? [name] : []));
    expect(filesWith(hash)).toContain('postrider.db');
    expect(filesWith(first.apiKey.slice('prk_'.length))).toEqual(['api-key']);
  });

  const statusWith = async ({ url }: Service, key: string) =>
    (await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${key}` } })).status;

  test('changes its key alone: the old one ends, and what is sealed can still be opened', async () => {
    const receiver = await receive();
    const first = await start();
    await register(createApiClient(first), receiver);
    await first.stop();
    const renewed = await start({ newKey: true });
    expect(renewed.apiKey).not.toBe(first.apiKey);
    expect([await statusWith(renewed, first.apiKey), await statusWith(renewed, renewed.apiKey)]).toEqual([403, 200]);
    const event = await postEvent(createApiClient(renewed));
    await vi.waitFor(async () => expect(await statusOf(createApiClient(renewed), event)).toBe('delivered'));
    await renewed.stop();
    const later = await start();
    expect(later.apiKey).toBe(renewed.apiKey);
    expect(await statusWith(later, first.apiKey)).toBe(403);
  });

  test('keeps the key of a folder of an older version, which was derived from the key file, until it is renewed', async () => {
    const first = await start();
    await first.stop();
    const keyFile = join(folder, 'data', 'api-key');
    const derived = deriveApiKey(openKeyFile(join(folder, 'data', 'key')));
    // As the older version left it: a hash in the store, and no file.
    writeFileSync(keyFile, `${derived}\n`, { mode: 0o600 });
    await (await start()).stop();
    rmSync(keyFile);
    const second = await start();
    expect(second.apiKey).toBe(derived);
    await second.stop();
    await (await start({ newKey: true })).stop();
    rmSync(keyFile);
    const third = await start();
    expect(third.apiKey).not.toBe(derived);
    expect(await statusWith(third, derived)).toBe(403);
  });

  test('keeps its files to their owner, in a folder of somebody who does not', async () => {
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o777 });
    chmodSync(dataDir, 0o777);
    for (const name of ['postrider.db', 'lock']) writeFileSync(join(dataDir, name), '', { mode: 0o666 });
    await start();
    const modes = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mode & 0o777]);
    expect(modes.length).toBeGreaterThanOrEqual(5);
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
  });

  test('refuses an API key that others can read', async () => {
    await (await start()).stop();
    chmodSync(join(folder, 'data', 'api-key'), 0o644);
    await expect(start()).rejects.toThrow(/^Others can read the API key in .*: run "chmod 600 .*--new-key\.$/);
  });

  test('refuses data whose key is lost, and makes no other: that would open no secret, and end every delivery', async () => {
    const dataDir = join(folder, 'data');
    await (await start()).stop();
    const keyFile = join(dataDir, 'key');
    const key = readFileSync(keyFile);
    rmSync(keyFile);
    await expect(start()).rejects.toThrow(/^The key file .*key is missing, .*: restore it from your backup\.$/);
    expect(readdirSync(dataDir)).not.toContain('key');
    writeFileSync(keyFile, key, { mode: 0o600 });
    await start();
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

  test('is done with a delivery while another one of the same event still waits for its answer', async () => {
    const service = await start({ dataDir: ':memory:' });
    const release = Promise.withResolvers<void>();
    const hanging = createServer((_request, response) => void release.promise.then(() => response.end()));
    const listener = await listen(hanging, '127.0.0.1', 0);
    receivers.push({ url: listener.url, stop: listener.close });
    const api = createApiClient(service);
    await register(api, { url: listener.url });
    await register(api, await receive());
    const { id } = await postEvent(api);
    const inFlight = () => service.countMessages('deliveries').inFlight;
    await vi.waitFor(() => expect(inFlight()).toBe(1));
    const { data } = await api.get<{ data: { status: string }[] }>(`/v1/events/${id}/deliveries`);
    expect(data.map(({ status }) => status).toSorted()).toEqual(['delivered', 'pending']);
    release.resolve();
    await vi.waitFor(() => expect(inFlight()).toBe(0));
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
