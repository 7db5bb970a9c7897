import { describe, expect, test } from 'vitest';
import { versionOf } from '../../lib/domain/delivery.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import { afterFailedAttempt } from '../support/records.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const DAY_MS = 24 * 3600 * 1000;

/** @param open a log that keeps records for 30 days */
export function describeDeliveryLog(name: string, open: Open<DeliveryLog>): void {
  describe(`${name}: delivery log`, () => {
    test('gives back a record as it was written', async () => {
      const { port, clock, make } = await openForTest(open);
      const extras = {
        statusReason: 'paused',
        dueAt: 5,
        heldAt: 6,
        dlqPending: true,
        faults: 2,
        jobId: 'job_1',
        retriedFromOrdinal: 11,
      } as const;
      const bare = make.delivery();
      const full = afterFailedAttempt(make.delivery({ ordinal: 12, ...extras }), clock.now(), { checkAt: 7 });
      for (const record of [bare, full]) {
        expect(await port.writeUnlessSuperseded(record, undefined)).toBe(true);
        expect(await port.get(record)).toEqual(record);
      }
    });

    test('a key finds its own record only', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      await port.writeUnlessSuperseded(record, undefined);
      expect(await port.get({ ...record, ordinal: 1 })).toBeUndefined();
      expect(await port.get({ ...record, endpointId: make.endpointId() })).toBeUndefined();
      expect(await port.get({ ...record, eventId: make.event().id })).toBeUndefined();
      expect(await port.get({ ...record, tenantId: make.name('other') })).toBeUndefined();
    });

    test('many keys are answered in their order, undefined where there is no record, a repeated one twice', async () => {
      const { port, make } = await openForTest(open);
      const records = Array.from({ length: 12 }, () => make.delivery());
      await Promise.all(records.map((record) => port.writeUnlessSuperseded(record, undefined)));
      const [first] = records;
      const wanted = [...records.toReversed(), make.delivery(), ...records.slice(0, 1)];
      expect(await port.getMany(wanted)).toEqual([...records.toReversed(), undefined, first]);
      expect(await port.getMany([])).toEqual([]);
    });

    test('where there is none, exactly one of 50 concurrent writes is kept', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      const answers = await concurrently((caller) =>
        port.writeUnlessSuperseded({ ...record, jobId: `${caller}` }, undefined),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await port.get(record))?.jobId).toBe(`${answers.indexOf(true)}`);
    });

    test('of 50 concurrent results of one read, exactly one is kept', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = make.delivery();
      await port.writeUnlessSuperseded(record, undefined);
      const answers = await concurrently((caller) =>
        port.writeUnlessSuperseded(afterFailedAttempt(record, clock.now() + caller), versionOf(record)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await port.get(record))?.attempts).toHaveLength(1);
      expect((await port.get(record))?.updatedAt).toBe(clock.now() + answers.indexOf(true));
    });

    test.each([
      ['another attempt count', { attempts: 0, epoch: 1 }],
      ['another epoch', { attempts: 1, epoch: 0 }],
      ['no record', undefined],
    ])('a write that read %s is superseded and changes nothing', async (_what, read) => {
      const { port, clock, make } = await openForTest(open);
      const record = afterFailedAttempt(make.delivery(), clock.now());
      await port.writeUnlessSuperseded(record, undefined);
      const body = { attempt: 1, bytes: Buffer.from('late') };
      expect(await port.writeUnlessSuperseded({ ...record, status: 'delivered' }, read, body)).toBe(false);
      expect(await port.get(record)).toEqual(record);
    });

    test('a write that read a record where none is left is superseded', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      expect(await port.writeUnlessSuperseded(record, { attempts: 0, epoch: 1 })).toBe(false);
      expect(await port.get(record)).toBeUndefined();
    });

    test('response bodies are kept beside the record, any bytes, in the order of attempts', async () => {
      const { port, clock, make } = await openForTest(open);
      const bytes = [Uint8Array.from({ length: 256 }, (_, n) => n), new Uint8Array(16 * 1024).fill(0xff)];
      let record = make.delivery();
      await port.writeUnlessSuperseded(record, undefined);
      for (const each of bytes) {
        const next = afterFailedAttempt(record, clock.now());
        await port.writeUnlessSuperseded(next, versionOf(record), { attempt: next.attempts.length, bytes: each });
        record = next;
      }
      const bodies = await port.responseBodies(record);
      expect(bodies.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(bodies.map((body) => Buffer.from(body.bytes).toString('hex'))).toEqual(
        bytes.map((each) => Buffer.from(each).toString('hex')),
      );
      expect(await port.responseBodies(make.delivery())).toEqual([]);
    });

    test('all of an event: every endpoint and every ordinal that has a record', async () => {
      const { port, make } = await openForTest(open);
      const eventId = make.event().id;
      const endpointIds = Array.from({ length: 12 }, () => make.endpointId());
      const records = endpointIds.slice(0, 8).map((endpointId) => make.delivery({ eventId, endpointId }));
      const [first] = records;
      if (!first) throw new Error('no record');
      records.push({ ...first, ordinal: 1 }, { ...first, ordinal: 2 });
      for (const record of [...records, make.delivery()]) await port.writeUnlessSuperseded(record, undefined);
      const found = await port.ofEvent(make.tenantId, eventId, endpointIds);
      expect(found).toHaveLength(records.length);
      expect(found).toEqual(expect.arrayContaining(records));
    });

    test('a finished record is found up to its thirtieth day and not after it, and then makes room', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = afterFailedAttempt(make.delivery(), clock.now(), { status: 'exhausted' });
      await port.writeUnlessSuperseded(record, undefined, { attempt: 1, bytes: Buffer.from('no') });
      await clock.advance(30 * DAY_MS - 1000);
      expect(await port.get(record)).toEqual(record);
      await clock.advance(2000);
      expect(await port.get(record)).toBeUndefined();
      expect(await port.responseBodies(record)).toEqual([]);
      expect(await port.pageOfEndpoint(make.tenantId, record.endpointId, undefined, 10)).toEqual([]);
      expect(await port.ofEvent(make.tenantId, record.eventId, [record.endpointId])).toEqual([]);
      expect(await port.writeUnlessSuperseded(record, versionOf(record))).toBe(false);
      const anew = { ...record, createdAt: clock.now() };
      expect(await port.writeUnlessSuperseded(anew, undefined)).toBe(true);
      expect(await port.get(record)).toEqual(anew);
    });

    test('an unfinished record is found for as long as it is unfinished', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = make.delivery({ status: 'held', checkAt: clock.now() + 40 * DAY_MS });
      await port.writeUnlessSuperseded(record, undefined);
      await clock.advance(31 * DAY_MS);
      expect(await port.get(record)).toEqual(record);
    });
  });
}
