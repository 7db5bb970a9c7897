import { type DayUsage, USAGE_COUNTS, type Usage, type UsageCounts } from '../../../domain/usage.ts';
import { LATENCIES, LATENCY_BOUNDS, type Latencies } from '../../../domain/latencies.ts';
import { USAGE_KEPT_MS, type UsageLog } from '../../../ports/usage-log.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { usageKey, usagePk } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** More days than are kept. */
const PAGE = 500;

/** Short, so that the item of a busy day stays below the kilobyte of one write unit. */
const STEP_NAMES = { firstAttempts: 'f', requests: 'r' } as const satisfies Record<keyof Latencies, string>;

/** An item for each tenant and day in the log. */
export class DynamoUsageLog implements UsageLog {
  readonly #log: DocumentTable;

  constructor(log: DocumentTable) {
    this.#log = log;
  }

  async add(tenantId: string, day: string, used: Usage): Promise<void> {
    const counted = attributesOf(used).filter(([, count]) => count > 0);
    if (counted.length === 0) return;
    await this.#log.updateIf(usageKey(tenantId, day), {
      text: `SET #${TTL_ATTRIBUTE} = :expires_at ADD ${counted.map(([name]) => `#${name} :${name}`).join(', ')}`,
      values: {
        ':expires_at': ttlSeconds(Date.parse(day) + USAGE_KEPT_MS),
        ...Object.fromEntries(counted.map(([name, count]) => [`:${name}`, count])),
      },
    });
  }

  async days(tenantId: string, first: string, last: string): Promise<DayUsage[]> {
    const { items } = await this.#log.queryPage({
      keys: {
        text: '#pk = :pk AND #sk BETWEEN :first AND :last',
        values: { ':pk': usagePk(tenantId), ':first': first, ':last': last },
      },
      order: 'ascending',
      pageSize: PAGE,
      consistent: true,
    });
    return items.map(dayOf);
  }
}

function attributesOf(used: Usage): [name: string, count: number][] {
  return [
    ...USAGE_COUNTS.map((name): [string, number] => [name, used[name]]),
    ...LATENCIES.flatMap((measure) =>
      used.latencies[measure].map((count, step): [string, number] => [STEP_NAMES[measure] + step, count]),
    ),
  ];
}

function dayOf(item: Record<string, unknown>): DayUsage {
  const count = (name: string) => Number(item[name] ?? 0);
  const steps = (name: string) => Array.from({ length: LATENCY_BOUNDS.length + 1 }, (_, step) => count(name + step));
  return {
    day: item['sk'] as string,
    ...(Object.fromEntries(USAGE_COUNTS.map((name) => [name, count(name)])) as UsageCounts),
    latencies: { firstAttempts: steps(STEP_NAMES.firstAttempts), requests: steps(STEP_NAMES.requests) },
  };
}
