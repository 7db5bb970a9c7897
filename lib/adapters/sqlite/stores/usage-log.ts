import type { Statement } from '../database/statement.ts';
import { LATENCIES, type Latencies, NO_LATENCIES } from '../../../domain/latencies.ts';
import { type DayUsage, USAGE_COUNTS, type Usage, type UsageCounts } from '../../../domain/usage.ts';
import type { UsageLog } from '../../../ports/usage-log.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

type Range = Record<'tenantId' | 'first' | 'last', string>;

export class SqliteUsageLog implements UsageLog {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #add: Statement;
  readonly #addLatency: Statement;
  readonly #days: Statement;
  readonly #latencies: Statement;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#add = database.prepare(
      `INSERT INTO usage (tenant, day, ${USAGE_COUNTS.join(', ')})
       VALUES (:tenantId, :day, ${USAGE_COUNTS.map((name) => `:${name}`).join(', ')})
       ON CONFLICT DO UPDATE SET ${USAGE_COUNTS.map((name) => `${name} = ${name} + :${name}`).join(', ')}`,
    );
    this.#addLatency = database.prepare(
      `INSERT INTO usage_latencies (tenant, day, measure, step, count)
       VALUES (:tenantId, :day, :measure, :step, :count)
       ON CONFLICT DO UPDATE SET count = count + :count`,
    );
    const inRange = 'WHERE tenant = :tenantId AND day BETWEEN :first AND :last';
    this.#days = database.prepare(`SELECT day, ${USAGE_COUNTS.join(', ')} FROM usage ${inRange} ORDER BY day`);
    this.#latencies = database.prepare(`SELECT day, measure, step, count FROM usage_latencies ${inRange}`);
  }

  async add(tenantId: string, day: string, { latencies, ...used }: Usage): Promise<void> {
    const steps = countedSteps(latencies);
    if (steps.length === 0 && USAGE_COUNTS.every((name) => used[name] === 0)) return;
    await this.#commits.writeTogether(() => {
      this.#add.run({ tenantId, day, ...used });
      for (const one of steps) this.#addLatency.run({ tenantId, day, ...one });
    });
  }

  days(tenantId: string, first: string, last: string): Promise<DayUsage[]> {
    return this.#database.read(() => {
      const latencies = this.#latenciesOf({ tenantId, first, last });
      return this.#days.all({ tenantId, first, last }).map((row) => {
        const counts = row as unknown as UsageCounts & { day: string };
        return { ...counts, latencies: latencies.get(counts.day) ?? NO_LATENCIES };
      });
    });
  }

  #latenciesOf(range: Range): Map<string, Latencies> {
    const found = new Map<string, Latencies>();
    for (const row of this.#latencies.all({ ...range })) {
      const { day, measure, step, count } = row as unknown as CountedStep & { day: string };
      const before = found.get(day) ?? NO_LATENCIES;
      found.set(day, { ...before, [measure]: before[measure].with(step, count) });
    }
    return found;
  }
}

interface CountedStep {
  measure: keyof Latencies;
  step: number;
  count: number;
}

function countedSteps(latencies: Latencies): CountedStep[] {
  return LATENCIES.flatMap((measure) =>
    latencies[measure].flatMap((count, step) => (count > 0 ? [{ measure, step, count }] : [])),
  );
}
