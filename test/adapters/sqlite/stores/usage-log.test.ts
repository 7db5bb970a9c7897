import { expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../../lib/adapters/sqlite/database/database.ts';
import { GroupCommit } from '../../../../lib/adapters/sqlite/database/group-commit.ts';
import { SqliteUsageLog } from '../../../../lib/adapters/sqlite/stores/usage-log.ts';
import { NO_LATENCIES, oneLatency } from '../../../../lib/domain/latencies.ts';
import { NO_USAGE } from '../../../../lib/domain/usage.ts';

test('usage that could not be written whole is not written: it will be added again', async () => {
  const database = new Database(':memory:');
  onTestFinished(() => database.close());
  const usage = new SqliteUsageLog(database, new GroupCommit(database));
  const used = { ...NO_USAGE, events: 3, latencies: { ...NO_LATENCIES, requests: oneLatency(20) } };
  database.execute(
    `CREATE TRIGGER full BEFORE INSERT ON usage_latencies BEGIN SELECT RAISE(FAIL, 'the disk is full'); END`,
  );

  await expect(usage.add('acme', '2030-01-01', used)).rejects.toThrow('the disk is full');
  expect(await usage.days('acme', '2030-01-01', '2030-01-01')).toEqual([]);

  database.execute('DROP TRIGGER full');
  await usage.add('acme', '2030-01-01', used);
  expect(await usage.days('acme', '2030-01-01', '2030-01-01')).toEqual([{ day: '2030-01-01', ...used }]);
});
