import { describe, expect, vi } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { NextDelivery } from '../../../lib/domain/delivery-changes/next-delivery.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { sweep } from '../../../lib/pipeline/sweep/sweep.ts';
import type { DeliveryLog } from '../../../lib/ports/delivery-log.ts';
import type { DueIndex } from '../../../lib/ports/due-index.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { RecordMaker, afterFailedAttempt, written } from '../../support/records.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const test = base
  .extend('make', ({ world }) => new RecordMaker(world.clock))
  /** A delivery that lost its message, and that sweep checks at this time. */
  .extend('overdue', ({ world, make }) => (checkAt: number, changes: Partial<Delivery> = {}) => {
    const record = afterFailedAttempt(make.delivery(), checkAt, { dueAt: checkAt, checkAt, ...changes });
    return written(world.ports.deliveries, record);
  })
  .extend('sweepOnce', ({ world }) => (ports: Ports = world.ports, limitMs = 45 * SECOND) => {
    return sweep(ports, world.clock.now() + limitMs).catch(() => undefined);
  })
  /** A sweep each minute. */
  .extend('sweepFor', ({ world, sweepOnce }) => async (ms: number, ports: Ports = world.ports) => {
    for (const end = world.clock.now() + ms; world.clock.now() < end;) {
      await world.clock.advance(MINUTE);
      await sweepOnce(ports);
    }
  })
  .extend('lagMinutes', ({ world }) => async () => {
    const watermark = await world.ports.due.watermark();
    return Math.floor(world.clock.now() / MINUTE) - (watermark ?? Number.NaN);
  });

/** Ports with one method of the log of deliveries replaced. */
function withLog(ports: Ports, methods: Partial<DeliveryLog>): Ports {
  const { get, getMany, writeUnlessSuperseded } = ports.deliveries;
  const whole = { get, getMany, writeUnlessSuperseded } as DeliveryLog;
  const bound = Object.fromEntries(
    Object.entries(whole).map(([name, method]) => [name, (method as () => unknown).bind(ports.deliveries)]),
  );
  return { ...ports, deliveries: { ...bound, ...methods } as DeliveryLog };
}

/** Ports whose writes of this record fail. */
const unwritable = (ports: Ports, bad: Delivery, cause: Error) =>
  withLog(ports, {
    writeUnlessSuperseded: async (next) => {
      if (deliveryId(NextDelivery.recordIn(next)) === deliveryId(bad)) throw cause;
      return ports.deliveries.writeUnlessSuperseded(next);
    },
  });

/** Ports that fail whenever they read this record, alone or with others. */
const unreadable = (ports: Ports, bad: Delivery, cause: Error) =>
  withLog(ports, {
    getMany: async (keys) => {
      if (keys.some((key) => deliveryId(key) === deliveryId(bad))) throw cause;
      return ports.deliveries.getMany(keys);
    },
  });

describe('an entry that always fails', () => {
  test.for([
    ['because its record can’t be written', unwritable, new TypeError('an item of more than 400 KB')],
    ['because its record can’t be read', unreadable, new TypeError('not a record')],
    ['with what looks like a fault of the service', unwritable, new ServiceFault('throttled')],
    ['on each read, with what looks like a fault of the service', unreadable, new ServiceFault('throttled')],
  ] as const)(
    '%s does not hold the watermark, and moves on when it works again',
    async ([, failing, cause], { world, overdue, sweepFor, lagMinutes }) => {
      await sweepFor(MINUTE);
      const bad = await overdue(world.clock.now());
      await sweepFor(3 * HOUR, failing(world.ports, bad, cause));
      expect(await lagMinutes()).toBeLessThanOrEqual(22);
      expect(await world.ports.deliveries.get(bad)).toEqual(bad);
      expect(world.log.named('sweep.postponed').length).toBeGreaterThan(2);
      expect(world.count('retries')).toBe(0);

      await sweepFor(HOUR + MINUTE);
      expect(world.count('retries')).toBeGreaterThan(0);
    },
  );

  test('and that can’t even be postponed holds the watermark, and moves on once the store works again', async ({
    world,
    overdue,
    sweepFor,
    lagMinutes,
  }) => {
    await sweepFor(MINUTE);
    const bad = await overdue(world.clock.now());
    const { due } = world.ports;
    const down: Ports = {
      ...unwritable(world.ports, bad, new ServiceFault('throttled')),
      due: {
        shards: () => due.shards(),
        raiseShards: () => due.raiseShards(),
        page: (...place) => due.page(...place),
        watermark: () => due.watermark(),
        raiseWatermark: (minute) => due.raiseWatermark(minute),
        postpone: () => Promise.reject(new ServiceFault('throttled')),
      },
    };
    await sweepFor(40 * MINUTE, down);
    expect(await lagMinutes()).toBeGreaterThanOrEqual(40);
    await sweepFor(2 * MINUTE);
    expect(world.count('retries')).toBe(1);
  });

  test('is looked at ever more rarely, at least once an hour', async ({ world, overdue, sweepFor }) => {
    await sweepFor(MINUTE);
    const bad = await overdue(world.clock.now());
    await sweepFor(8 * HOUR, unwritable(world.ports, bad, new TypeError('a bug')));
    const waits = world.log.named('sweep.postponed').map(({ fields }) => {
      return Date.parse(fields.until as string) - Date.parse(fields.check_at as string);
    });
    expect(waits[0]).toBeLessThanOrEqual(2 * MINUTE);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(HOUR);
    expect(waits.at(-1)).toBeLessThanOrEqual(HOUR + MINUTE);
    expect(waits.length).toBeLessThan(20);
  });

  test('keeps none of the others of its page waiting', async ({ world, overdue, sweepOnce }) => {
    const checkAt = world.clock.now() - MINUTE;
    const [bad] = await Promise.all(Array.from({ length: 20 }, () => overdue(checkAt)));
    await sweepOnce(unreadable(world.ports, bad as Delivery, new TypeError('not a record')));
    expect(world.count('retries')).toBe(19);
    expect(world.log.named('sweep.postponed')).toHaveLength(1);
  });
});

test('what a failing store left behind stays where it is for twenty minutes, and then moves on', async ({
  world,
  overdue,
  sweepFor,
  sweepOnce,
}) => {
  await sweepFor(MINUTE);
  for (let n = 0; n < 3; n += 1) await overdue(world.clock.now());
  const down = withLog(world.ports, { getMany: () => Promise.reject(new ServiceFault('throttled')) });
  await sweepFor(19 * MINUTE, down);
  expect(world.log.named('sweep.postponed')).toEqual([]);
  await sweepOnce();
  expect(world.count('retries')).toBe(3);
});

test('the brakes are read once a run, however many braked deliveries come up', async ({
  world,
  overdue,
  sweepOnce,
}) => {
  const checkAt = world.clock.now() - MINUTE;
  for (let n = 0; n < 50; n += 1) await overdue(checkAt, { status: 'parked', statusReason: 'braked' });
  let reads = 0;
  const counted = new Proxy(world.ports.brakes, {
    get: (target, name) => {
      if (name === 'get' || name === 'standing') reads += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  await sweepOnce({ ...world.ports, brakes: counted });
  expect(world.count('retries')).toBe(50);
  expect(reads).toBe(1);
});

test('each run completes the changes of settings that began more than a minute ago; what fails there ends nothing else', async ({
  world,
  overdue,
  sweepOnce,
}) => {
  await overdue(world.clock.now() - MINUTE);
  const asked: number[] = [];
  const subscriptions = new Proxy(world.ports.subscriptions, {
    get: () => async (begunBefore: number) => {
      asked.push(world.clock.now() - begunBefore);
      throw new ServiceFault('config');
    },
  });
  await sweepOnce({ ...world.ports, subscriptions });
  expect(asked).toEqual([MINUTE]);
  expect(world.count('retries')).toBe(1);
});

test('a shard that takes long keeps no other shard waiting', async ({ world, overdue, sweepOnce }) => {
  const record = await overdue(world.clock.now() - MINUTE);
  const answered = Promise.withResolvers<void>();
  const { due } = world.ports;
  const sharded: DueIndex = {
    raiseWatermark: (minute) => due.raiseWatermark(minute),
    postpone: (...given) => due.postpone(...given),
    watermark: () => due.watermark(),
    shards: async () => 3,
    raiseShards: async () => 3,
    page: async (place, ...rest) => {
      if (place.shard === 1) return due.page(place, ...rest);
      await answered.promise;
      return { entries: [] };
    },
  };
  const sweeping = sweepOnce({ ...world.ports, due: sharded });
  await vi.waitFor(async () => expect((await world.ports.deliveries.get(record))?.epoch).toBe(2));
  answered.resolve();
  await sweeping;
});

test('what is due now is moved on in the same run as the oldest of a backlog that one run can’t work', async ({
  world,
  overdue,
  sweepOnce,
  lagMinutes,
}) => {
  const now = world.clock.now();
  await world.ports.due.raiseWatermark(Math.floor(now / MINUTE) - 7 * 1440);
  const oldest = await overdue(now - 7 * 24 * HOUR);
  const present = await overdue(now - MINUTE);
  const { due } = world.ports;
  let pages = 0;
  const slow = new Proxy(due, {
    get: (target, name) => {
      if (name !== 'page') return (Reflect.get(target, name) as () => unknown).bind(target);
      return async (...args: Parameters<typeof due.page>) => {
        pages += 1;
        await world.clock.advance(400);
        return due.page(...args);
      };
    },
  });
  await sweepOnce({ ...world.ports, due: slow });
  expect(pages).toBeLessThan(7 * 1440);
  for (const record of [oldest, present]) expect((await world.ports.deliveries.get(record))?.epoch).toBe(2);
  expect(world.log.named('sweep.behind')).toMatchObject([{ fields: { lag_minutes: await lagMinutes() } }]);
});

describe('a delivery that sweep sends again', () => {
  const overdueLines = (log: { named(event: string): { fields: object }[] }) =>
    log.named('sweep.overdue').map(({ fields }) => fields);

  test('is reported once it has been due for more than 35 minutes', async ({ world, overdue, sweepOnce }) => {
    await overdue(world.clock.now() - MINUTE, { dueAt: world.clock.now() - 30 * MINUTE });
    await sweepOnce();
    expect(world.log.named('sweep.done')).toMatchObject([{ fields: { oldest_due_seconds: 1800 } }]);
    expect(overdueLines(world.log)).toEqual([]);
    await overdue(world.clock.now() - MINUTE, { dueAt: world.clock.now() - 40 * MINUTE });
    await sweepOnce();
    expect(overdueLines(world.log)).toEqual([{ oldest_due_seconds: 2400 }]);
  });

  test('is not while it waits for a rate limit', async ({ world, overdue, sweepOnce }) => {
    const dueAt = world.clock.now() - 40 * MINUTE;
    await overdue(world.clock.now() - MINUTE, { dueAt, statusReason: 'rate_limited' });
    await sweepOnce();
    expect(world.log.named('sweep.done')).toMatchObject([{ fields: { resent: 1, oldest_due_seconds: undefined } }]);
    expect(overdueLines(world.log)).toEqual([]);
  });
});

test('an idle run reads 37 or 38 minutes of each shard, and the watermark and the shards once', async ({
  world,
  sweepFor,
}) => {
  const calls = new Map<string, number>();
  const due = new Proxy(world.ports.due, {
    get: (target, name: string) => {
      const value = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return name === 'raiseShards' ? Promise.resolve(4) : value.apply(target, args);
      };
    },
  });
  await sweepFor(MINUTE);
  calls.clear();
  await sweepFor(MINUTE, { ...world.ports, due });
  expect(calls.get('page')).toBeGreaterThanOrEqual(4 * 37);
  expect(calls.get('page')).toBeLessThanOrEqual(4 * 38);
  expect([calls.get('watermark'), calls.get('raiseShards'), calls.get('postpone')]).toEqual([1, 1, undefined]);
});
