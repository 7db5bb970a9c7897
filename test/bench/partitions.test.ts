import { describe, expect, test } from 'vitest';
import { measurePartitions } from '../../bench/partitions.ts';

/** Units a second that one partition serves (Amazon DynamoDB Developer Guide: burst and adaptive capacity). */
const READS = 3_000;
const WRITES = 1_000;

describe('at 3,000 deliveries a second of one tenant', () => {
  test.each([
    { eventsAPost: 1, messagesABatch: 1 },
    { eventsAPost: 100, messagesABatch: 10 },
  ])('no partition is asked for more than it serves: %o', { timeout: 120_000 }, async (shape) => {
    const hottest = await measurePartitions(shape);
    const kinds = hottest.map(({ kind }) => kind);
    for (const kind of ['META', 'BRAKES', 'QUOTA', 'ENDPOINTS', 'EVENT', 'DELIVERY']) expect(kinds).toContain(kind);
    for (const { kind, reads, writes } of hottest) {
      expect(reads, `read units of ${kind}`).toBeLessThanOrEqual(READS);
      expect(writes, `write units of ${kind}`).toBeLessThanOrEqual(WRITES);
    }
    // What every event or every batch reads has room for twice as much.
    for (const { kind, reads } of hottest.filter((one) => one.kind === 'META' || one.kind === 'BRAKES')) {
      expect(reads, `read units of ${kind}`).toBeLessThan(READS / 2);
    }
  });
});
