import { type DynamoStore, openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import type { Deployment } from './deployment.ts';
import { documentClient } from './document-client.ts';
import { type Table, pipelineSettings, tableName } from './settings.ts';

/** DynamoDB refuses it as a name: a function that reads a table it was not given has a bug, and it shows. */
const NOT_GIVEN = '';

/** The stores over the tables that a function is given, and over one client. @throws SettingError */
export function openStore(deployment: Deployment, ...given: Table[]): DynamoStore {
  const nameOf = (table: Table) => (given.includes(table) ? tableName(deployment, table) : NOT_GIVEN);
  return openDynamoStore({
    client: documentClient(deployment),
    tables: { config: nameOf('config'), log: nameOf('log') },
    clock: deployment.clock,
    random: deployment.random,
    logTtlMs: pipelineSettings(deployment).logTtlMs,
  });
}
