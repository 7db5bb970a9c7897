import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../lib/adapters/sqlite/database/schema.ts';
import { type SqliteStore, openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { RecordMaker, planted, written } from '../../support/records.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A store on a file that a test may close and open again. */
function openOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-durability-'));
  const path = join(folder, 'store');
  const clock = new VirtualClock();
  let store: SqliteStore | undefined;
  const reopen = (): SqliteStore => {
    store?.close();
    store = openSqliteStore({ path, clock });
    return store;
  };
  onTestFinished(() => {
    store?.close();
    rmSync(folder, { recursive: true });
  });
  return { path, clock, reopen, make: new RecordMaker(clock) };
}

describe('a restart', () => {
  test('keeps every kind of record', async () => {
    const { clock, reopen, make } = openOnDisk();
    const first = reopen();
    const [endpoint, event, job] = [make.endpoint(), make.event(), make.job({ checkAt: clock.now() })];
    const key = { hash: 'hash', id: 'key_1', scopes: ['*'], createdAt: 1 };
    const ofKey = { resourceId: event.id, bodyHash: 'h' };
    const claim = { tenantId: make.tenantId, key: 'k', ...ofKey, expiresAt: clock.now() + 1000 };
    const note = { tenantId: make.tenantId, endpointId: endpoint.id, generation: 1, at: 5 };
    await first.endpoints.createUnlessExists(endpoint);
    await first.subscriptions.raiseShard(make.tenantId, 2);
    const health = await first.health.countFailure(note);
    await first.events.putUnlessExists(event);
    await first.idempotency.claimUnlessTaken(claim, clock.now());
    const held = make.delivery({ status: 'held', checkAt: clock.now() });
    const record = await written(first.deliveries, held, { attempt: 1, bytes: Buffer.from('no') });
    await first.jobs.createUnlessExists(job);
    await first.apiKeys.put(key);
    await first.due.raiseWatermark(77);

    const second = reopen();
    expect(await second.endpoints.get(make.tenantId, endpoint.id)).toEqual(endpoint);
    expect(await second.subscriptions.tenant(make.tenantId)).toEqual({ shards: new Map([[2, 1]]) });
    expect(await second.health.get(make.tenantId, endpoint.id)).toEqual(health);
    expect(await second.events.get(make.tenantId, event.id)).toEqual(event);
    expect(await second.idempotency.claimUnlessTaken({ ...claim, resourceId: 'evt_other' }, clock.now())).toEqual(
      claim,
    );
    expect(await second.deliveries.get(record)).toEqual(record);
    expect(await second.deliveries.responseBodies(record)).toHaveLength(1);
    expect(await second.jobs.get(make.tenantId, job.id)).toEqual(job);
    expect(await second.apiKeys.find('hash')).toEqual(key);
    expect(await second.due.watermark()).toBe(77);
    expect(
      (await second.due.page({ minute: Math.floor(clock.now() / 60_000), shard: 0 }, undefined, 10)).entries,
    ).toHaveLength(2);
  });

  test('keeps messages with their receive counts, delays, receipts and their place among the groups', async () => {
    const { clock, reopen } = openOnDisk();
    const first = reopen();
    const flood = Array.from({ length: 100 }, () => ({ body: 'flood', group: 'flood' }));
    await first.queues.send('deliveries', flood);
    await first.queues.receive('deliveries', 10);
    await first.queues.send('retries', [{ body: 'hidden', group: 'g' }]);
    const [hidden] = await first.queues.receive('retries', 1);
    if (!hidden) throw new Error('no message came');
    await first.queues.hide('retries', hidden, 300);
    await first.queues.send('retries', [{ body: 'delayed', group: 'g', delaySeconds: 60 }]);

    const second = reopen();
    expect(await second.queues.recoverInFlight()).toBe(10);
    expect(second.queues.count('deliveries').visible).toBe(100);
    expect(second.queues.count('retries')).toEqual({ visible: 0, inFlight: 1, delayed: 1 });
    await second.queues.send('deliveries', [{ body: 'quiet', group: 'quiet' }]);
    const next = await second.queues.receive('deliveries', 3);
    expect(next.map(({ body }) => body)).toContain('quiet');
    await clock.advance(61_000);
    expect(await second.queues.receive('retries', 10)).toMatchObject([{ body: 'delayed', receiveCount: 1 }]);
    await second.queues.hide('retries', hidden, 10);
    await clock.advance(11_000);
    expect(await second.queues.receive('retries', 10)).toMatchObject([{ body: 'hidden', receiveCount: 2 }]);
  });

  test('closing commits what was asked for before it', async () => {
    const { reopen, make } = openOnDisk();
    const event = make.event();
    const written = reopen().events.putUnlessExists(event);
    const second = reopen();
    expect(await written).toBe(true);
    expect(await second.events.get(event.tenantId, event.id)).toEqual(event);
  });

  test('a closed store fails with a ServiceFault, reading and writing', async () => {
    const { reopen, make } = openOnDisk();
    const store = reopen();
    store.close();
    await expect(store.events.get('t', 'evt_1')).rejects.toThrow(ServiceFault);
    await expect(store.events.putUnlessExists(make.event())).rejects.toThrow(ServiceFault);
    reopen();
  });

  test.each([SCHEMA_VERSION + 1, 99])('a file of a newer version is refused and left as it is: %i', (version) => {
    const { path, reopen } = openOnDisk();
    reopen().close();
    const file = new DatabaseSync(path);
    file.exec(`PRAGMA user_version = ${version}`);
    expect(() => openSqliteStore({ path, clock: new VirtualClock() })).toThrow(
      new RegExp(`schema ${version}.*start the version that wrote it, or a newer one\\.$`),
    );
    expect(file.prepare('PRAGMA user_version').get()).toEqual({ user_version: version });
    file.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    file.close();
    reopen();
  });

  test('a file of the first version is converted, keeps what it has, and is written on', async () => {
    const { path, clock, reopen, make } = openOnDisk();
    const old = reopen();
    const [event, record] = [make.event(), await written(old.deliveries, make.delivery({ epoch: 7 }))];
    const [tripped, resumed] = [make.endpoint(), make.endpoint()];
    const { id: jobId } = make.job();
    const discard = make.job({ kind: 'discard', endpointId: resumed.id, generation: 1, checkAt: clock.now() });
    await old.endpoints.createUnlessExists({ ...tripped, changeJobId: jobId });
    await old.endpoints.createUnlessExists(resumed);
    await old.jobs.createUnlessExists(discard);
    old.close();
    const file = new DatabaseSync(path);
    file.exec(`
      ALTER TABLE deliveries ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE deliveries ADD COLUMN epoch INTEGER NOT NULL DEFAULT 7;
      ALTER TABLE deliveries DROP COLUMN revision;
      UPDATE deliveries SET body = json_remove(body, '$.revision');
      UPDATE endpoints SET body = json_remove(json_set(body, '$.probeJobId', body ->> '$.changeJobId'), '$.changeJobId')
        WHERE body ->> '$.changeJobId' IS NOT NULL;
      DROP TABLE claims;
      CREATE TABLE claims (
        tenant TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, body_hash TEXT NOT NULL,
        lease_token TEXT NOT NULL, lease_until INTEGER NOT NULL, deliveries INTEGER, expires_at INTEGER NOT NULL,
        PRIMARY KEY (tenant, key)
      ) STRICT, WITHOUT ROWID;
      DROP TABLE subscriptions;
      DROP TABLE subscription_shards;
      INSERT INTO claims VALUES ('${event.tenantId}', 'k', '${event.id}', 'h', 't', 1, 3, ${clock.now() + 1000});
      PRAGMA user_version = 1;
    `);
    file.close();
    const store = reopen();
    expect(await store.endpoints.get(make.tenantId, tripped.id)).toEqual({ ...tripped, changeJobId: jobId });
    expect(await store.endpoints.get(make.tenantId, resumed.id)).toEqual({ ...resumed, changeJobId: discard.id });
    expect(await store.deliveries.get(record)).toEqual(record);
    expect(await store.deliveries.writeUnlessSuperseded(planted({ ...record, faults: 1 }))).toMatchObject({
      revision: 2,
    });
    expect(await store.deliveries.writeUnlessSuperseded(planted({ ...record, faults: 1 }))).toBeUndefined();
    const claim = { tenantId: event.tenantId, key: 'k', bodyHash: 'h', expiresAt: clock.now() + 1000 };
    const other = { ...claim, resourceId: make.event().id };
    expect(await store.idempotency.claimUnlessTaken(other, clock.now())).toEqual({ ...claim, resourceId: event.id });
    expect(await store.idempotency.claimUnlessTaken({ ...other, key: 'another' }, clock.now())).toBeUndefined();
  });

  test('a file of version 2 is converted: ingest matches with the endpoints that it has', async () => {
    const { path, reopen, make } = openOnDisk();
    const old = reopen();
    const [active, paused] = [make.endpoint({ projectId: 'p' }), make.endpoint({ status: 'paused', events: ['*'] })];
    const shut = [make.endpoint({ status: 'disabled' }), make.endpoint({ status: 'revoked' })];
    for (const endpoint of [active, paused, ...shut]) await old.endpoints.createUnlessExists(endpoint);
    old.close();
    const file = new DatabaseSync(path);
    file.exec(`
      DROP TABLE subscriptions;
      DROP TABLE subscription_shards;
      CREATE TABLE tenant_versions (tenant TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      PRAGMA user_version = 2;
    `);
    file.close();
    const store = reopen();
    expect(await store.subscriptions.tenant(make.tenantId)).toEqual({ shards: new Map([[0, 1]]) });
    const matched = [
      { id: active.id, events: active.events, projectId: 'p' },
      { id: paused.id, events: ['*'] },
    ];
    const byId = matched.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    expect(await store.subscriptions.ofShard(make.tenantId, 0)).toEqual(byId);
  });

  test('a file of version 3 is converted: its subscriptions have no filter, and may get one', async () => {
    const { path, reopen, make } = openOnDisk();
    const old = reopen();
    const place = { tenantId: make.tenantId, shard: 0, id: make.endpointId(), generation: 1 };
    const subscriber = { id: place.id, events: ['*'], projectId: 'p' };
    await old.subscriptions.putUnlessNewer(place, subscriber);
    old.close();
    const file = new DatabaseSync(path);
    file.exec(`
      ALTER TABLE subscriptions DROP COLUMN filter;
      ALTER TABLE subscriptions DROP COLUMN polled;
      PRAGMA user_version = 3;
    `);
    file.close();
    const store = reopen();
    expect(await store.subscriptions.ofShard(make.tenantId, 0)).toEqual([subscriber]);
    const filtered = { ...subscriber, filter: '{"a":1}' };
    await store.subscriptions.putUnlessNewer({ ...place, generation: 2 }, filtered);
    expect(await store.subscriptions.ofShard(make.tenantId, 0)).toEqual([filtered]);
  });

  test('a file of version 4 is converted: its endpoints are sent to, and new ones may be polled', async () => {
    const { path, reopen, make } = openOnDisk();
    const old = reopen();
    const subscriber = { id: 'ep_1', events: ['task.*'], filter: '{"a":1}' };
    const place = { tenantId: make.tenantId, shard: 0, id: subscriber.id, generation: 1 };
    await old.subscriptions.putUnlessNewer(place, subscriber);
    old.close();
    const file = new DatabaseSync(path);
    file.exec('ALTER TABLE subscriptions DROP COLUMN polled; PRAGMA user_version = 4;');
    file.close();
    const store = reopen();
    expect(await store.subscriptions.ofShard(make.tenantId, 0)).toEqual([subscriber]);
    const polled = { ...subscriber, polled: true as const };
    await store.subscriptions.putUnlessNewer({ ...place, generation: 2 }, polled);
    expect(await store.subscriptions.ofShard(make.tenantId, 0)).toEqual([polled]);
  });

  test('a conversion that does not come to its end, as when it is killed, leaves the file as it was', () => {
    const { path, reopen } = openOnDisk();
    reopen().close();
    const file = new DatabaseSync(path);
    // The first step succeeds, and the second one finds what it is to add.
    file.exec('ALTER TABLE subscriptions DROP COLUMN filter; PRAGMA user_version = 3;');
    const columns = () =>
      file
        .prepare('PRAGMA table_info(subscriptions)')
        .all()
        .map(({ name }) => name);
    const before = columns();
    expect(() => openSqliteStore({ path, clock: new VirtualClock() })).toThrow(/duplicate column name: polled/);
    expect(columns()).toEqual(before);
    expect(file.prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 });
    file.exec('ALTER TABLE subscriptions DROP COLUMN polled');
    file.close();
    reopen();
  });

  test('a file that lacks a table of later code gets it, and keeps what it has', async () => {
    const { path, reopen, make } = openOnDisk();
    const old = reopen();
    const [event, endpoint] = [make.event(), make.endpoint()];
    await old.events.putUnlessExists(event);
    await old.endpoints.createUnlessExists(endpoint);
    old.close();
    const file = new DatabaseSync(path);
    file.exec('DROP TABLE event_endpoints; DROP INDEX endpoints_live; DROP TABLE added_endpoints');
    file.close();
    const store = reopen();
    expect(await store.events.get(event.tenantId, event.id)).toEqual(event);
    expect(await store.endpoints.countOneMore(endpoint.tenantId, 10)).toBe(1);
    const place = { tenantId: event.tenantId, eventId: event.id, token: 't', index: 0 };
    await store.events.putEndpointPage(place, ['ep_1']);
    expect(await store.events.endpointPage(place)).toEqual(['ep_1']);
    expect(await store.events.addEndpointUnlessThere(event.tenantId, event.id, make.endpointId())).toBe(true);
  });
});

describe('kill -9', () => {
  test('loses nothing that was answered before it', async () => {
    const { path, reopen } = openOnDisk();
    const writer = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./endless-writer.ts')), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void writer.kill('SIGKILL'));
    const ended = once(writer, 'exit');
    const answered: string[] = [];
    for await (const line of createInterface({ input: writer.stdout })) {
      answered.push(line);
      if (answered.length === 300) writer.kill('SIGKILL');
    }
    await ended;
    const store = reopen();
    const found = await Promise.all(answered.map((hash) => store.apiKeys.find(hash)));
    expect(answered.length).toBeGreaterThanOrEqual(300);
    expect(found.map((key) => key?.hash)).toEqual(answered);
  });
});
