import { type DayUsage, USAGE_COUNTS, type UsageCounts } from '../../../domain/usage.ts';
import { USAGE_KEPT_MS, type UsageLog } from '../../../ports/usage-log.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { usageKey, usagePk } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** More days than are kept. */
const PAGE = 500;

/** An item for each tenant and day in the log. */
export class DynamoUsageLog implements UsageLog {
  readonly #log: DocumentTable;

  constructor(log: DocumentTable) {
    this.#log = log;
  }

  async add(tenantId: string, day: string, counts: UsageCounts): Promise<void> {
    const counted = USAGE_COUNTS.filter((name) => counts[name] > 0);
    if (counted.length === 0) return;
    await this.#log.updateIf(usageKey(tenantId, day), {
      text: `SET #${TTL_ATTRIBUTE} = :expires_at ADD ${counted.map((name) => `#${name} :${name}`).join(', ')}`,
      values: {
        ':expires_at': ttlSeconds(Date.parse(day) + USAGE_KEPT_MS),
        ...Object.fromEntries(counted.map((name) => [`:${name}`, counts[name]])),
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
    return items.map((item) => ({
      day: item.sk as string,
      ...(Object.fromEntries(USAGE_COUNTS.map((name) => [name, Number(item[name] ?? 0)])) as UsageCounts),
    }));
  }
}
