import { describe, expect, test } from 'vitest';
import type { SubscriptionStore } from '../../lib/ports/subscription-store.ts';
import type { RecordMaker } from '../support/records.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

function subscriber(id: string, events = ['order.*', 'task.done'], projectId?: string) {
  return { id, events, ...(projectId !== undefined && { projectId }) };
}

function placeOf({ tenantId }: RecordMaker, id: string, generation = 1, shard = 3) {
  return { tenantId, shard, id, generation };
}

export function describeSubscriptionStore(name: string, open: Open<SubscriptionStore>): void {
  describe(`${name}: subscription store`, () => {
    test('gives back a shard’s subscriptions by id, and none of another shard or tenant', async () => {
      const { port, make } = await openForTest(open);
      const ids = Array.from({ length: 25 }, () => make.endpointId());
      const all = ids.map((id, n) => subscriber(id, ['*'], n % 2 === 0 ? 'proj_ü#1' : undefined));
      await Promise.all(all.map((one) => port.putUnlessNewer(placeOf(make, one.id), one)));
      const elsewhere = make.endpointId();
      await port.putUnlessNewer(placeOf(make, elsewhere, 1, 4), subscriber(elsewhere));
      await port.putUnlessNewer({ ...placeOf(make, elsewhere), tenantId: make.name('other') }, subscriber(elsewhere));
      expect(await port.ofShard(make.tenantId, 3)).toEqual(all.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
      expect(await port.ofShard(make.tenantId, 4)).toEqual([subscriber(elsewhere)]);
      expect(await port.ofShard(make.tenantId, 5)).toEqual([]);
    });

    test('a shard of more than a megabyte is read whole', async () => {
      const { port, make } = await openForTest(open);
      const events = Array.from({ length: 100 }, (_, n) => `${n}`.padEnd(128, 'x'));
      const ids = Array.from({ length: 90 }, () => make.endpointId());
      await Promise.all(ids.map((id) => port.putUnlessNewer(placeOf(make, id), subscriber(id, events))));
      expect((await port.ofShard(make.tenantId, 3)).map(({ id }) => id)).toEqual(ids.toSorted());
    });

    test('a replacement leaves out what it no longer has', async () => {
      const { port, make } = await openForTest(open);
      const id = make.endpointId();
      const all = { ...subscriber(id, ['*'], 'proj_1'), filter: '{"a":12345678901234567890}' };
      await port.putUnlessNewer(placeOf(make, id, 1), all);
      expect(await port.ofShard(make.tenantId, 3)).toEqual([all]);
      await port.putUnlessNewer(placeOf(make, id, 2), subscriber(id, ['order.paid']));
      expect(await port.ofShard(make.tenantId, 3)).toEqual([subscriber(id, ['order.paid'])]);
    });

    test('the newest generation stays, in whatever order 50 concurrent writers come', async () => {
      const { port, make } = await openForTest(open);
      const id = make.endpointId();
      await concurrently((caller) =>
        port.putUnlessNewer(placeOf(make, id, caller), subscriber(id, [`type.${caller}`])),
      );
      expect(await port.ofShard(make.tenantId, 3)).toEqual([subscriber(id, ['type.49'])]);
    });

    test('a removal removes what is not newer, and the same again', async () => {
      const { port, make } = await openForTest(open);
      const id = make.endpointId();
      await port.removeUnlessNewer(placeOf(make, id, 1));
      await port.putUnlessNewer(placeOf(make, id, 5), subscriber(id));
      await port.removeUnlessNewer(placeOf(make, id, 4));
      expect(await port.ofShard(make.tenantId, 3)).toEqual([subscriber(id)]);
      await port.putUnlessNewer(placeOf(make, id, 5), subscriber(id, ['*']));
      expect(await port.ofShard(make.tenantId, 3)).toEqual([subscriber(id, ['*'])]);
      await port.removeUnlessNewer(placeOf(make, id, 5));
      expect(await port.ofShard(make.tenantId, 3)).toEqual([]);
    });

    test('the number of each shard counts every change of 50 concurrent ones', async () => {
      const { port, make } = await openForTest(open);
      expect(await port.tenant(make.tenantId)).toEqual({ shards: new Map() });
      await concurrently((caller) => port.raiseShard(make.tenantId, caller % 2 === 0 ? 0 : 255));
      const { shards } = await port.tenant(make.tenantId);
      expect(new Map(shards)).toEqual(
        new Map([
          [0, 25],
          [255, 25],
        ]),
      );
      expect(await port.tenant(make.name('other'))).toEqual({ shards: new Map() });
    });

    test('a quota is set, changed and taken away, and leaves the numbers alone', async () => {
      const { port, make } = await openForTest(open);
      const shards = new Map([[7, 1]]);
      await port.setQuota(make.tenantId, 2.5);
      expect(await port.tenant(make.tenantId)).toEqual({ shards: new Map(), eventsPerSecond: 2.5 });
      await port.raiseShard(make.tenantId, 7);
      await port.setQuota(make.tenantId, 100);
      expect(await port.tenant(make.tenantId)).toEqual({ shards, eventsPerSecond: 100 });
      await port.setQuota(make.tenantId, undefined);
      expect(await port.tenant(make.tenantId)).toEqual({ shards });
    });
  });
}
