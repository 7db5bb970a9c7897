import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ServiceOptions } from '../../../lib/local/service/service-options.ts';
import { startService } from '../../../lib/local/service/service.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { patchDisk, stand } from '../../support/patched-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Longer than a service waits for in its thread. */
const SLOW_MS = 50;

/** A disk whose synchronizations end when the test says so. */
function holdDisk() {
  const waiting: (() => void)[] = [];
  let isHeld = true;
  patchDisk({
    inThread(synchronize) {
      synchronize();
      stand(SLOW_MS);
    },
    apart(synchronize, done) {
      const end = () => synchronize(done);
      if (isHeld) waiting.push(end);
      else end();
    },
  });
  return {
    waiting,
    release() {
      isHeld = false;
      for (const end of waiting.splice(0)) end();
    },
  };
}

/** Notes what is read of deliveries before their requests. */
function noting(reader: Ports['reader'], read: string[]): Ports['reader'] {
  return {
    read(keys, log) {
      read.push(...keys.map(({ eventId }) => eventId));
      return reader.read(keys, log);
    },
  };
}

/** A service with an endpoint for all events, whose receiver answers 200. */
async function serve(options: Partial<ServiceOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-slow-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const receiver = await Receiver.start();
  onTestFinished(() => receiver.stop());
  const service = await startService({ dataDir: folder, port: 0, log: new MemoryLog(), ...options });
  onTestFinished(() => service.stop());
  const headers = {
    authorization: `Bearer ${service.apiKey}`,
    'content-type': 'application/json',
    'postrider-tenant': 'acme',
  };
  const post = (path: string, body: unknown) =>
    fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect((await post('/v1/endpoints', { url: receiver.url, events: ['*'] })).status).toBe(201);
  const list = () => fetch(`${service.url}/v1/endpoints`, { headers });
  return { service, receiver, post, list };
}

test('while the disk is slow reads are answered; a post is answered, and its event sent, once the disk has it', async () => {
  const read: string[] = [];
  const around = (ports: Ports): Ports => ({ ...ports, reader: noting(ports.reader, read) });
  const { receiver, post, list } = await serve({ around });

  const disk = holdDisk();
  onTestFinished(() => disk.release());
  const before: Promise<Response>[] = [];
  await vi.waitFor(() => {
    before.push(post('/v1/event-types', { type: `before.${before.length}`, description: 'd' }));
    expect(disk.waiting).not.toEqual([]);
  });
  const posted = post('/v1/events', { type: 'a.b', data: { n: 1 } });
  let isAnswered = false;
  void posted.then(() => (isAnswered = true));
  for (let calls = 0; calls < 20; calls += 1) {
    expect((await list()).status).toBe(200);
  }
  expect(isAnswered).toBe(false);
  // Its request is prepared meanwhile.
  expect(read).toHaveLength(1);
  expect(receiver.arrivals).toHaveLength(0);

  disk.release();
  expect((await posted).status).toBe(202);
  for (const response of await Promise.all(before)) expect(response.status).toBe(201);
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1));
});

test('a disk that hangs for minutes repeats no request', async () => {
  const clock = new VirtualClock();
  const { service, receiver, post } = await serve({ clock });
  const disk = holdDisk();
  onTestFinished(() => disk.release());
  const posted = post('/v1/events', { type: 'a.b', data: {} });
  await vi.waitFor(() => expect(disk.waiting).not.toEqual([]));
  // Longer than its message is in flight, twice.
  for (let seconds = 0; seconds < 300; seconds += 1) await clock.advance(1000);
  expect(receiver.arrivals).toEqual([]);
  receiver.delayMs = 100;
  disk.release();
  expect((await posted).status).toBe(202);
  const none = { visible: 0, inFlight: 0, delayed: 0 };
  await vi.waitFor(() => expect(service.countMessages('deliveries')).toEqual(none));
  expect(receiver.arrivals).toHaveLength(1);
});
