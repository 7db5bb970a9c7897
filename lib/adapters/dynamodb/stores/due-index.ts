import type { DueEntry, DueIndex, DuePage, DuePlace } from '../../../ports/due-index.ts';
import { readCursor, writeCursor } from '../../../domain/cursor.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import {
  WATERMARK_KEY,
  deliveryKey,
  dueIndexKey,
  duePk,
  jobKey,
  parseDeliveryKey,
  parseJobKey,
} from '../layout/keys.ts';
import type { StoredSchema } from '../layout/stored-schema.ts';
import { DUE_INDEX } from '../layout/tables.ts';

/** The last entry that was read: where DynamoDB continues. */
type Place = { pk: string; sk: string; due_sk: number };

/** Reads the sparse index of unfinished items. The entries of a shard are in the order of their check times. */
export class DynamoDueIndex implements DueIndex {
  readonly #log: DocumentTable;
  readonly #schema: StoredSchema;

  constructor(log: DocumentTable, schema: StoredSchema) {
    this.#log = log;
    this.#schema = schema;
  }

  shards(): Promise<number> {
    return this.#schema.knownDueShards();
  }

  raiseShards(): Promise<number> {
    return this.#schema.raisedDueShards();
  }

  async page({ minute, shard }: DuePlace, cursor: string | undefined, limit: number): Promise<DuePage> {
    const pk = duePk(minute, shard);
    const { items, lastKey } = await this.#log.queryPage({
      index: DUE_INDEX,
      keys: { text: '#due_pk = :pk', values: { ':pk': pk } },
      pageSize: limit,
      ...(cursor !== undefined && { startAfter: { ...readCursor(cursor, isPlace), due_pk: pk } }),
    });
    const entries = items.flatMap((item) => toEntry(item) ?? []);
    return lastKey ? { entries, next: writeCursor(toPlace(lastKey)) } : { entries };
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

  /** Reads the item without reading the record in it, and writes the keys of the index alone. */
  async postpone(entry: DueEntry, next: (checkAt: number) => number): Promise<number | undefined> {
    const [key, id] =
      entry.kind === 'delivery'
        ? [deliveryKey(entry.key), entry.key.eventId]
        : [jobKey(entry.tenantId, entry.jobId), entry.jobId];
    const checkAt = next(checkTimeOf(await this.#log.get(key)) ?? entry.checkAt);
    const { due_pk: pk, due_sk: sk } = dueIndexKey(checkAt, id, await this.#schema.dueShards());
    const moved = await this.#log.updateIf(
      key,
      { text: 'SET #due_pk = :pk, #due_sk = :sk', values: { ':pk': pk, ':sk': sk } },
      { text: '#due_sk = :seen', values: { ':seen': entry.checkAt } },
    );
    return moved && checkAt;
  }
}

/** Of a delivery, or of a job. */
function checkTimeOf(item: Item | undefined): number | undefined {
  const checkAt = item?.check_at ?? item?.checkAt;
  return typeof checkAt === 'number' ? checkAt : undefined;
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

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { pk, sk, due_sk: checkAt } = value as Partial<Place>;
  return typeof pk === 'string' && typeof sk === 'string' && typeof checkAt === 'number';
}
