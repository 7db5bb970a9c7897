import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import { RecordMaker, planted, written } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const DAY_MS = 24 * 3600 * 1000;

function openOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-expiry-'));
  const path = join(folder, 'store');
  const clock = new VirtualClock();
  const store = openSqliteStore({ path, clock, logTtlMs: 30 * DAY_MS });
  const reader = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => {
    reader.close();
    store.close();
    rmSync(folder, { recursive: true });
  });
  /** What is on the disk, found or not. */
  const rows = (table: string) => Number(reader.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()?.count);
  return { store, clock, rows, make: new RecordMaker(clock) };
}

describe('purging', () => {
  test('takes what has expired of every kind, and leaves what has not', async () => {
    const { store, clock, rows, make } = openOnDisk();
    const fill = async () => {
      const { checkAt: _checkAt, ...finishedJob } = make.job({ status: 'done' });
      const bodyOfFirst = { attempt: 1, bytes: Buffer.from('no') };
      const event = make.event();
      await store.events.putUnlessExists(event);
      await store.events.putEndpointPage({ tenantId: event.tenantId, eventId: event.id, token: 't', index: 0 }, ['ep']);
      await store.deliveries.writeUnlessSuperseded(planted(make.delivery({ status: 'delivered' })), bodyOfFirst);
      await store.jobs.createUnlessExists(finishedJob);
      await store.queues.send('exhausted', [{ body: 'x', group: 'g' }]);
      const ofKey = { resourceId: 'e', bodyHash: 'h' };
      const claim = { tenantId: make.tenantId, key: make.name('key'), ...ofKey, expiresAt: clock.now() + DAY_MS };
      await store.idempotency.claimUnlessTaken(claim, clock.now());
    };
    await fill();
    expect(await store.purgeExpired(100)).toBe(0);
    await clock.advance(30 * DAY_MS);
    await fill();
    expect(await store.purgeExpired(100)).toBe(6);
    const tables = ['events', 'event_endpoints', 'deliveries', 'response_bodies', 'jobs', 'messages', 'claims'];
    expect(tables.map((table) => rows(table))).toEqual(tables.map(() => 1));
  });

  test('takes nothing before its time: no dead letter of thirteen days, and no claim that still holds', async () => {
    const { store, clock, rows, make } = openOnDisk();
    await store.queues.send('exhausted', [{ body: 'x', group: 'g' }]);
    await clock.advance(13 * DAY_MS);
    const ofKey = { resourceId: 'e', bodyHash: 'h', expiresAt: clock.now() + DAY_MS };
    await store.idempotency.claimUnlessTaken({ tenantId: make.tenantId, key: 'k', ...ofKey }, clock.now());
    await clock.advance(DAY_MS - 1);
    expect(await store.purgeExpired(100)).toBe(0);
    await clock.advance(1);
    expect(await store.purgeExpired(100)).toBe(2);
    expect([rows('messages'), rows('claims')]).toEqual([0, 0]);
  });

  test('never takes an unfinished delivery or job, and takes it once it has finished', async () => {
    const { store, clock, rows, make } = openOnDisk();
    const record = make.delivery({ status: 'retrying', checkAt: clock.now() + 50 * DAY_MS });
    const stands = await written(store.deliveries, record);
    await store.jobs.createUnlessExists(make.job({ checkAt: clock.now() + 50 * DAY_MS }));
    await clock.advance(40 * DAY_MS);
    expect(await store.purgeExpired(100)).toBe(0);
    const { checkAt: _checkAt, ...finished } = { ...stands, status: 'delivered' as const };
    await store.deliveries.writeUnlessSuperseded(planted(finished));
    expect(await store.purgeExpired(100)).toBe(1);
    expect([rows('deliveries'), rows('jobs')]).toEqual([0, 1]);
  });

  test('goes in steps of at most as many rows as asked for', async () => {
    const { store, clock, rows, make } = openOnDisk();
    for (let n = 0; n < 25; n += 1) await store.events.putUnlessExists(make.event());
    await clock.advance(31 * DAY_MS);
    const steps = [];
    for (let n = 0; n < 4; n += 1) steps.push(await store.purgeExpired(10));
    expect(steps).toEqual([10, 10, 5, 0]);
    expect(rows('events')).toBe(0);
  });
});
