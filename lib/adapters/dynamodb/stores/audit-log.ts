import { firstUlidAt, ulidOf } from '../../../domain/ids.ts';
import {
  AUDIT_MS,
  type AuditConclusion,
  type AuditLine,
  type AuditLog,
  type AuditOwner,
  type AuditRange,
} from '../../../ports/audit-log.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { auditKey, auditPk } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { AUDIT_SHARDS, everyShard } from '../layout/shards.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** Lines by owner and shard, sorted by their ids' ULIDs. */
export class DynamoAuditLog implements AuditLog {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async write(line: AuditLine): Promise<void> {
    const expires = { [TTL_ATTRIBUTE]: ttlSeconds(line.at + AUDIT_MS) };
    await this.#config.put(toRecordItem(auditKey(line.tenantId, line.id), line, expires));
  }

  async conclude({ tenantId, id }: Pick<AuditLine, 'tenantId' | 'id'>, conclusion: AuditConclusion): Promise<void> {
    const fields = Object.entries(conclusion);
    const change = {
      text: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      values: Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
    };
    await this.#config.updateIf(auditKey(tenantId, id), change, { text: 'attribute_exists(#pk)' });
  }

  async page(owner: AuditOwner, { before, since, until, limit }: AuditRange): Promise<AuditLine[]> {
    const [first, end] = [firstUlidAt(since), lower(before, until)];
    // DynamoDB refuses an empty range.
    if (first > end) return [];
    const lists = everyShard(AUDIT_SHARDS).map((shard) =>
      this.#config.query({
        keys: {
          text: '#pk = :pk AND #sk BETWEEN :first AND :end',
          values: { ':pk': auditPk(owner, shard), ':first': first, ':end': end },
        },
        order: 'descending',
        pageSize: pageSizeOf(limit + 1, AUDIT_SHARDS),
        consistent: true,
      }),
    );
    // The range has its end in it, a page has not.
    return takeFirst(mergeSorted(lists, newestFirst), limit, (item) =>
      item.sk < end ? fromRecordItem<AuditLine>(item) : undefined,
    );
  }
}

/** After every ULID. */
const PAST_ALL = '~';

/** The sort key that a page ends before. */
function lower(before: string | undefined, until: number | undefined): string {
  const place = before === undefined ? PAST_ALL : ulidOf(before);
  const bound = until === undefined ? PAST_ALL : firstUlidAt(until);
  return place < bound ? place : bound;
}

function newestFirst(a: Item, b: Item): number {
  return a.sk < b.sk ? 1 : -1;
}
