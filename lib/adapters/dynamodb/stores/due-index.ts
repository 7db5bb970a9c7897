import type { DueEntry, DueIndex, DuePage } from '../../../ports/due-index.ts';
import { readCursor, writeCursor } from '../../../domain/cursor.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { WATERMARK_KEY, duePk, parseDeliveryKey, parseJobKey } from '../layout/keys.ts';
import { DUE_SHARDS, everyShard } from '../layout/shards.ts';
import { DUE_INDEX } from '../layout/tables.ts';

/** The last entry that was read of a shard: where DynamoDB continues. */
type Place = { pk: string; sk: string; due_sk: number };

/** How far each shard was read: not at all (null), up to an entry, or to its end. */
type Progress = (Place | 'end' | null)[];

/** Reads the sparse index of unfinished items. The entries of a minute are unordered; its shards are read in parallel. */
export class DynamoDueIndex implements DueIndex {
  readonly #log: DocumentTable;

  constructor(log: DocumentTable) {
    this.#log = log;
  }

  async page(minute: number, cursor: string | undefined, limit: number): Promise<DuePage> {
    const before: Progress =
      cursor === undefined ? everyShard(DUE_SHARDS).map(() => null) : readCursor(cursor, isProgress);
    const open = everyShard(DUE_SHARDS).filter((shard) => before[shard] !== 'end');
    const asked = open.slice(0, limit);
    const pageSize = Math.floor(limit / asked.length);
    const progress = [...before];
    const pages = await Promise.all(
      asked.map(async (shard) => {
        const page = await this.#shardPage(minute, shard, before[shard], pageSize);
        progress[shard] = page.place ?? 'end';
        return page.entries;
      }),
    );
    const entries = pages.flat();
    return progress.every((place) => place === 'end') ? { entries } : { entries, next: writeCursor(progress) };
  }

  async watermark(): Promise<number | undefined> {
    const item = await this.#log.get(WATERMARK_KEY);
    return item && Number(item.minute);
  }

  async raiseWatermark(minute: number): Promise<void> {
    await this.#log.updateIf(
      WATERMARK_KEY,
      { text: 'SET #minute = :minute', values: { ':minute': minute } },
      { text: 'attribute_not_exists(#pk) OR #minute < :minute' },
    );
  }

  async #shardPage(minute: number, shard: number, after: Progress[number] | undefined, pageSize: number) {
    const pk = duePk(minute, shard);
    const { items, lastKey } = await this.#log.queryPage({
      index: DUE_INDEX,
      keys: { text: '#due_pk = :pk', values: { ':pk': pk } },
      pageSize,
      ...(after && after !== 'end' && { startAfter: { ...after, due_pk: pk } }),
    });
    return { entries: items.flatMap((item) => toEntry(item) ?? []), place: lastKey && toPlace(lastKey) };
  }
}

function toEntry(item: Item): DueEntry | undefined {
  const checkAt = Number(item.due_sk);
  const key = parseDeliveryKey(item);
  if (key) return { kind: 'delivery', key, checkAt };
  const job = parseJobKey(item);
  return job && { kind: 'job', ...job, checkAt };
}

function toPlace(lastKey: Record<string, unknown>): Place {
  return { pk: String(lastKey.pk), sk: String(lastKey.sk), due_sk: Number(lastKey.due_sk) };
}

function isProgress(value: unknown): value is Progress {
  return Array.isArray(value) && value.length === DUE_SHARDS && value.every(isProgressOfShard);
}

function isProgressOfShard(value: unknown): boolean {
  if (value === null || value === 'end') return true;
  if (typeof value !== 'object') return false;
  const { pk, sk, due_sk: checkAt } = value as Partial<Place>;
  return typeof pk === 'string' && typeof sk === 'string' && typeof checkAt === 'number';
}
