import { expect } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { freeFromSlots, releaseHeld } from '../../../lib/pipeline/delivery/release.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { RecordMaker, written } from '../../support/records.ts';

const MINUTE = 60_000;

const test = base
  .extend('make', ({ world }) => new RecordMaker(world.clock))
  .extend('plant', ({ world, make }) => (changes: Partial<Delivery>) => {
    return written(world.ports.deliveries, make.delivery(changes));
  });

const HELD = { status: 'held', statusReason: 'paused', heldAt: 1000, checkAt: 9000 } as const;

test('what is held goes on once, due now, with one message', async ({ world, plant }) => {
  const held = await plant(HELD);
  expect(await releaseHeld(world.ports, [held])).toBe(1);
  expect(await releaseHeld(world.ports, [held])).toBe(0);
  expect(await world.ports.deliveries.get(held)).toMatchObject({ status: 'pending', dueAt: world.clock.now() });
  expect(world.count('retries')).toBe(1);
});

test('what was held anew since it was read stays held', async ({ world, plant }) => {
  const held = await plant(HELD);
  const anew = await written(world.ports.deliveries, { ...held, heldAt: 5000 });
  expect(await releaseHeld(world.ports, [held])).toBe(0);
  expect(await world.ports.deliveries.get(held)).toEqual(anew);
});

test('a new rate limit frees what waits for a slot of an earlier one, and nothing else', async ({ world, plant }) => {
  const dueAt = world.clock.now() + MINUTE;
  const waiting = { status: 'pending', dueAt, checkAt: dueAt + MINUTE } as const;
  const limited = { ...waiting, statusReason: 'rate_limited' } as const;
  const earlier = await plant({ ...limited, slot: { attempt: 1, generation: 1 } });
  const others = [
    await plant({ ...limited, slot: { attempt: 1, generation: 2 } }),
    await plant({ ...waiting, slot: { attempt: 1, generation: 1 } }),
    await plant({ ...HELD, slot: { attempt: 1, generation: 1 } }),
  ];
  expect(await freeFromSlots(world.ports, [earlier, ...others], 2)).toBe(1);
  expect(await world.ports.deliveries.get(earlier)).toMatchObject({ dueAt: world.clock.now() });
  expect(await world.ports.deliveries.getMany(others)).toEqual(others);
});
