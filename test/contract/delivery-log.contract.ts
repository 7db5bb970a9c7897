import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import { afterFailedAttempt, planted, written } from '../support/records.ts';
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
        alertSentAt: 17,
        alertError: 'refused',
        faults: 2,
        jobId: 'job_1',
        retriedFromOrdinal: 11,
      } as const;
      const bare = make.delivery();
      const full = afterFailedAttempt(make.delivery({ ordinal: 12, ...extras }), clock.now(), { checkAt: 7 });
      for (const record of [bare, full]) {
        expect(await port.writeUnlessSuperseded(planted(record))).toEqual({ ...record, revision: 1 });
        expect(await port.get(record)).toEqual({ ...record, revision: 1 });
      }
    });

    test('a key finds its own record only', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      await port.writeUnlessSuperseded(planted(record));
      expect(await port.get({ ...record, ordinal: 1 })).toBeUndefined();
      expect(await port.get({ ...record, endpointId: make.endpointId() })).toBeUndefined();
      expect(await port.get({ ...record, eventId: make.event().id })).toBeUndefined();
      expect(await port.get({ ...record, tenantId: make.name('other') })).toBeUndefined();
    });

    test('many keys are answered in their order, undefined where there is no record, a repeated one twice', async () => {
      const { port, make } = await openForTest(open);
      const records = await Promise.all(Array.from({ length: 12 }, () => written(port, make.delivery())));
      const [first] = records;
      const wanted = [...records.toReversed(), make.delivery(), ...records.slice(0, 1)];
      expect(await port.getMany(wanted)).toEqual([...records.toReversed(), undefined, first]);
      expect(await port.getMany([])).toEqual([]);
    });

    test('where there is none, exactly one of 50 concurrent writes is kept', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      const answers = await concurrently((caller) =>
        port.writeUnlessSuperseded(planted({ ...record, jobId: `${caller}` })),
      );
      const kept = answers.filter((answer) => answer !== undefined);
      expect(kept).toHaveLength(1);
      expect(kept).toEqual([await port.get(record)]);
    });

    test('of 50 concurrent results of one read, exactly one is kept', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = await written(port, make.delivery());
      const answers = await concurrently((caller) =>
        port.writeUnlessSuperseded(planted(afterFailedAttempt(record, clock.now() + caller))),
      );
      const kept = answers.filter((answer) => answer !== undefined);
      expect(kept).toHaveLength(1);
      expect(kept).toEqual([await port.get(record)]);
      expect(kept).toMatchObject([{ revision: 2, attempts: { length: 1 } }]);
    });

    test.each<[string, Partial<Delivery>, Partial<Delivery>]>([
      ['its due time and its count of faults', { dueAt: 7, checkAt: 8 }, { faults: 1 }],
      ['its status and its epoch', { status: 'held', heldAt: 1, checkAt: 9 }, { epoch: 2 }],
      ['the same', { dlqPending: true }, { dlqPending: true }],
      ['nothing', {}, {}],
    ])('of two that read the same record the first one wins, when they change %s', async (_what, first, second) => {
      const { port, make } = await openForTest(open);
      const read = await written(port, make.delivery());
      const winner = await port.writeUnlessSuperseded(planted({ ...read, ...first }));
      expect(winner).toEqual({ ...read, ...first, revision: 2 });
      expect(await port.writeUnlessSuperseded(planted({ ...read, ...second }))).toBeUndefined();
      expect(await port.get(read)).toEqual(winner);
    });

    test('a superseded write keeps no response body, and who reads again writes over what stands', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = make.delivery();
      const stands = await written(port, afterFailedAttempt(record, clock.now()));
      const body = { attempt: 1, bytes: Buffer.from('late') };
      const late = afterFailedAttempt(record, clock.now() + 1, { status: 'delivered' });
      expect(await port.writeUnlessSuperseded(planted(late), body)).toBeUndefined();
      expect(await port.get(record)).toEqual(stands);
      expect(await port.responseBodies(record)).toEqual([]);
      await written(port, { ...stands, status: 'delivered' });
      expect(await port.get(record)).toEqual({ ...stands, status: 'delivered', revision: 2 });
    });

    test('a write that read a record where none is left is superseded', async () => {
      const { port, make } = await openForTest(open);
      const record = make.delivery();
      expect(await port.writeUnlessSuperseded(planted({ ...record, revision: 1 }))).toBeUndefined();
      expect(await port.get(record)).toBeUndefined();
    });

    test('response bodies are kept beside the record, any bytes, in the order of attempts', async () => {
      const { port, clock, make } = await openForTest(open);
      const bytes = [Uint8Array.from({ length: 256 }, (_, n) => n), new Uint8Array(16 * 1024).fill(0xff)];
      let record = await written(port, make.delivery());
      for (const each of bytes) {
        const next = afterFailedAttempt(record, clock.now());
        record = await written(port, next, { attempt: next.attempts.length, bytes: each });
      }
      const bodies = await port.responseBodies(record);
      expect(bodies.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(bodies.map((body) => Buffer.from(body.bytes).toString('hex'))).toEqual(
        bytes.map((each) => Buffer.from(each).toString('hex')),
      );
      expect(await port.responseBodies(make.delivery())).toEqual([]);
      const other = await written(port, afterFailedAttempt(make.delivery(), clock.now()), {
        attempt: 1,
        bytes: new Uint8Array([1]),
      });
      await port.removeResponseBodies(record);
      expect(await port.responseBodies(record)).toEqual([]);
      expect(await port.get(record)).toEqual(record);
      expect(await port.responseBodies(other)).toHaveLength(1);
    });

    test('all of an event: every endpoint and every ordinal that has a record', async () => {
      const { port, make } = await openForTest(open);
      const eventId = make.event().id;
      const endpointIds = Array.from({ length: 12 }, () => make.endpointId());
      const records = endpointIds.slice(0, 8).map((endpointId) => make.delivery({ eventId, endpointId }));
      const [first] = records;
      if (!first) throw new Error('no record');
      records.push({ ...first, ordinal: 1 }, { ...first, ordinal: 2 });
      await written(port, make.delivery());
      const stand = await Promise.all(records.map((record) => written(port, record)));
      const found = await port.ofEvent(make.tenantId, eventId, endpointIds);
      expect(found).toHaveLength(stand.length);
      expect(found).toEqual(expect.arrayContaining(stand));
    });

    test('a finished record is found up to its thirtieth day and not after it, and then makes room', async () => {
      const { port, clock, make } = await openForTest(open);
      const exhausted = afterFailedAttempt(make.delivery(), clock.now(), { status: 'exhausted' });
      const record = await written(port, exhausted, { attempt: 1, bytes: Buffer.from('no') });
      await clock.advance(30 * DAY_MS - 1000);
      expect(await port.get(record)).toEqual(record);
      await clock.advance(2000);
      expect(await port.get(record)).toBeUndefined();
      expect(await port.responseBodies(record)).toEqual([]);
      expect(await port.pageOfEndpoint(make.tenantId, record.endpointId, undefined, 10)).toEqual([]);
      expect(await port.ofEvent(make.tenantId, record.eventId, [record.endpointId])).toEqual([]);
      expect(await port.writeUnlessSuperseded(planted(record))).toBeUndefined();
      const anew = await written(port, { ...exhausted, createdAt: clock.now() });
      expect(await port.get(record)).toEqual(anew);
    });

    test('an unfinished record is found for as long as it is unfinished', async () => {
      const { port, clock, make } = await openForTest(open);
      const record = await written(port, make.delivery({ status: 'held', checkAt: clock.now() + 40 * DAY_MS }));
      await clock.advance(31 * DAY_MS);
      expect(await port.get(record)).toEqual(record);
    });
  });
}
