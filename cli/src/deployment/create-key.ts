import { existsSync } from 'node:fs';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { makeApiKey } from '../../../lib/api/auth/make-api-key.ts';
import { isTenantId } from '../../../lib/domain/tenant-id.ts';
import type { ApiKeyStore } from '../../../lib/ports/api-key-store.ts';
import type { TenantStore } from '../../../lib/ports/tenant-store.ts';
import { Refusal } from '../errors/refusal.ts';
import { readStackOutputs } from './stack-outputs.ts';

export interface CreateKeyFlags {
  stack?: string;
  table?: string;
  region?: string;
  data?: string;
  tenant?: string;
  name?: string;
}

interface OpenStore {
  apiKeys: ApiKeyStore;
  tenants: TenantStore;
  close(): void;
}

/** The stack's output that names the table with the keys. */
const TABLE_OUTPUT = 'ConfigTableName';
const WHERE = 'Say where to store the key: pass exactly one of --stack <name>, --table <name> and --data <folder>.';

/** Creates a key in the store that the flags name; each store loads only its own modules. */
export async function createKey(flags: CreateKeyFlags): Promise<{ id: string; whose: string; secret: string }> {
  const { tenant: tenantId, name = 'create-key' } = flags;
  if (tenantId !== undefined && !isTenantId(tenantId)) {
    throw new Refusal('--tenant must be 1 to 128 printable characters, other than `.` and `..`.');
  }
  const { apiKeys, tenants, close } = await openStore(flags);
  try {
    const ports = { apiKeys, tenants, clock: systemClock, random: systemRandom };
    const { key, secret } = await makeApiKey(ports, { name, ...(tenantId !== undefined && { tenantId }) });
    const whose = tenantId === undefined ? 'the platform: it names the tenant in Postrider-Tenant' : tenantId;
    return { id: key.id, whose, secret };
  } finally {
    close();
  }
}

async function openStore({ stack, table, region, data }: CreateKeyFlags): Promise<OpenStore> {
  if ([stack, table, data].filter((given) => given !== undefined).length !== 1) throw new Refusal(WHERE);
  if (data !== undefined) return openLocal(data);
  return openTable(table ?? (await tableOfStack(stack as string, region)), region);
}

async function openLocal(dataDir: string): Promise<OpenStore> {
  if (!existsSync(dataDir))
    throw new Refusal(`There is no folder ${dataDir}: check the path, or start Postrider with it first.`);
  const { openKeysIn } = await import('../../../lib/local/service/data-folder.ts');
  const { DEFAULT_SETTINGS } = await import('../../../lib/pipeline/settings.ts');
  return openKeysIn(dataDir, systemClock, DEFAULT_SETTINGS.logTtlMs);
}

async function openTable(table: string, region: string | undefined): Promise<OpenStore> {
  const { DynamoApiKeyStore } = await import('../../../lib/adapters/dynamodb/stores/api-key-store.ts');
  const { DynamoTenantStore } = await import('../../../lib/adapters/dynamodb/stores/tenant-store.ts');
  const { createDocumentClient } = await import('../../../lib/adapters/dynamodb/access/client.ts');
  const { Lifetime } = await import('../../../lib/adapters/dynamodb/layout/lifetime.ts');
  const { DEFAULT_LOG_TTL_MS } = await import('../../../lib/domain/log-lifetime.ts');
  const { checkedConfig } = await import('../../../lib/adapters/dynamodb/layout/checked-config.ts');
  const client = createDocumentClient(region === undefined ? {} : { region });
  const config = checkedConfig(client, table);
  return {
    apiKeys: new DynamoApiKeyStore(config),
    tenants: new DynamoTenantStore(config, new Lifetime(systemClock, DEFAULT_LOG_TTL_MS)),
    close: () => client.destroy(),
  };
}

async function tableOfStack(stack: string, region: string | undefined): Promise<string> {
  const otherwise = `pass --table with its output ${TABLE_OUTPUT}, which "cdk deploy" printed.`;
  return (await readStackOutputs(stack, region, [TABLE_OUTPUT], otherwise))[TABLE_OUTPUT];
}
