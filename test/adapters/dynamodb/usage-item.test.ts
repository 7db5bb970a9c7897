import { expect, test } from 'vitest';
import { itemSize } from '../../../lib/adapters/dynamodb/layout/item-size.ts';
import type { DocumentTable } from '../../../lib/adapters/dynamodb/access/document-table.ts';
import { DynamoUsageLog } from '../../../lib/adapters/dynamodb/stores/usage-log.ts';
import { NO_LATENCIES } from '../../../lib/domain/latencies.ts';

const WRITE_UNIT_BYTES = 1024;
const LONGEST_TENANT = 'a'.repeat(128);
const MILLIONS = 87_654_321;

test('the usage of a day with millions in every count stays below one write unit', async () => {
  let item: Record<string, unknown> = {};
  const updateIf = async (key: object, { values }: { values: Record<string, unknown> }) => {
    item = { ...key, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name.slice(1), value])) };
  };
  const steps = NO_LATENCIES.requests.map(() => MILLIONS);
  await new DynamoUsageLog({ updateIf } as unknown as DocumentTable).add(LONGEST_TENANT, '2026-02-06', {
    events: MILLIONS,
    attempts: MILLIONS,
    delivered: MILLIONS,
    exhausted: MILLIONS,
    abandoned: MILLIONS,
    latencies: { firstAttempts: steps, requests: steps },
  });
  expect(Object.keys(item).length).toBeGreaterThan(30);
  expect(itemSize(item)).toBeLessThan(WRITE_UNIT_BYTES);
});
