import { openIngestStores as ingestStoresOver } from '../../lib/adapters/dynamodb/ingest-stores.ts';
import { type DynamoStore, openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { type DynamoStoreOptions, openTables } from '../../lib/adapters/dynamodb/tables.ts';
import type { Deployment } from './deployment.ts';
import { documentClient } from './document-client.ts';
import { type Table, dueShards, pipelineSettings, tableName } from './settings.ts';

/** DynamoDB refuses it as a name: a function that reads a table it was not given has a bug, and it shows. */
const NOT_GIVEN = '';

/** The stores over the tables that a function is given, and over one client. @throws SettingError */
export function openStore(deployment: Deployment, ...given: Table[]): DynamoStore {
  return openDynamoStore(storeOptions(deployment, given));
}

/** {@link openStore} for sweep, which alone may raise the number of shards of the due index. @throws SettingError */
export function openSweptStore(deployment: Deployment): DynamoStore {
  return openDynamoStore({ ...storeOptions(deployment, ['config', 'log']), dueShards: dueShards(deployment) });
}

/** The few that ingest has. @throws SettingError */
export function openIngestStores(deployment: Deployment) {
  return ingestStoresOver(openTables(storeOptions(deployment, ['config', 'log'])));
}

function storeOptions(deployment: Deployment, given: readonly Table[]): DynamoStoreOptions {
  const nameOf = (table: Table) => (given.includes(table) ? tableName(deployment, table) : NOT_GIVEN);
  return {
    client: documentClient(deployment),
    tables: { config: nameOf('config'), log: nameOf('log') },
    clock: deployment.clock,
    random: deployment.random,
    logTtlMs: pipelineSettings(deployment).logTtlMs,
  };
}
