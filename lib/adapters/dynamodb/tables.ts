import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DEFAULT_LOG_TTL_MS } from '../../domain/log-lifetime.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { BatchReader } from './access/batch-reader.ts';
import { DocumentTable } from './access/document-table.ts';
import { Lifetime } from './layout/lifetime.ts';
import { FIRST_DUE_SHARDS, HOT_ITEM_COPIES } from './layout/shards.ts';
import { StoredSchema } from './layout/stored-schema.ts';

export interface DynamoStoreOptions {
  /** From `createDocumentClient`, once per process. */
  client: DynamoDBDocumentClient;
  /** The names of the two tables. */
  tables: { config: string; log: string };
  clock: Clock;
  /** For the jitter of retries, and for the copy of hot items that this process reads. */
  random: Pick<Random, 'fraction'>;
  /** How long events, deliveries and jobs are found; default 30 days. */
  logTtlMs?: number;
  /** Sweep raises the stored number of shards of the due index to this one, 4 to 64; default 4. */
  dueShards?: number;
}

/** What the stores are made over. */
export interface DynamoTables {
  names: DynamoStoreOptions['tables'];
  config: DocumentTable;
  log: DocumentTable;
  schema: StoredSchema;
  batches: BatchReader;
  lifetime: Lifetime;
  now: () => number;
  /** Of hot items, the one that this process reads. */
  copy: number;
}

/**
 * Opening reads and writes nothing. Before the first call, the schema of the tables is read; until it is this code's,
 * every call throws a SchemaMismatch.
 */
export function openTables(options: DynamoStoreOptions): DynamoTables {
  const { client, tables, clock, random, logTtlMs = DEFAULT_LOG_TTL_MS, dueShards = FIRST_DUE_SHARDS } = options;
  const schema = new StoredSchema(new DocumentTable(client, tables.config), dueShards);
  const checked = () => schema.dueShards();
  return {
    names: tables,
    config: new DocumentTable(client, tables.config, checked),
    log: new DocumentTable(client, tables.log, checked),
    schema,
    batches: new BatchReader(client, clock, random, checked),
    lifetime: new Lifetime(clock, logTtlMs),
    now: () => clock.now(),
    copy: Math.floor(random.fraction() * HOT_ITEM_COPIES),
  };
}
