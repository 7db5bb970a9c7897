import { expect } from 'vitest';
import { sweep } from '../../../lib/pipeline/sweep/sweep.ts';
import { test } from '../../support/pipeline-test.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

test.for([0, 7, 719, 1439])(
  'within a day of sweeps that begins at minute %i of a day, every minute of the days before is read again',
  async (offset, { world }) => {
    const first = Math.ceil(world.clock.now() / MINUTE / DAY_MINUTES) * DAY_MINUTES + offset;
    const read = new Set<number>();
    let now = first * MINUTE;
    const due = {
      shards: async () => 1,
      raiseShards: async () => 1,
      watermark: async () => first,
      raiseWatermark: async () => undefined,
      postpone: async () => undefined,
      page: async ({ minute }: { minute: number }) => {
        read.add(minute);
        return { entries: [] };
      },
    };
    const ports = { ...world.ports, due, clock: { now: () => now, sleep: async () => undefined } };
    for (let run = 0; run < DAY_MINUTES; run += 1, now += MINUTE) await sweep(ports, now + MINUTE);
    const expected = Array.from({ length: 12 * DAY_MINUTES }, (_, index) => first - 13 * DAY_MINUTES + index);
    expect(expected.filter((minute) => !read.has(minute))).toEqual([]);
  },
);
