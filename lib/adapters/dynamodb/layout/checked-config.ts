import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DocumentTable } from '../access/document-table.ts';
import { FIRST_DUE_SHARDS } from './shards.ts';
import { StoredSchema } from './stored-schema.ts';

/**
 * The table config, for a process or a part of one that reads nothing else. Like every store, it reads the schema before
 * its first call, once: code of another schema reads and writes nothing.
 */
export function checkedConfig(client: DynamoDBDocumentClient, name: string): DocumentTable {
  const schema = new StoredSchema(new DocumentTable(client, name), FIRST_DUE_SHARDS);
  return new DocumentTable(client, name, () => schema.dueShards());
}
