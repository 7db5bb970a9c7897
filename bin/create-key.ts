import './check-node.js';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../lib/adapters/system/system-random.ts';
import { makeApiKey } from '../lib/api/auth/make-api-key.ts';
import { isTenantId } from '../lib/domain/tenant-id.ts';
import type { ApiKeyStore } from '../lib/ports/api-key-store.ts';
import { Refusal, explain } from './refusal.ts';
import { readStackOutputs } from './stack-outputs.ts';

interface Flags {
  stack?: string;
  table?: string;
  region?: string;
  data?: string;
  tenant?: string;
  label?: string;
}

interface OpenStore {
  apiKeys: ApiKeyStore;
  close(): void;
}

/** The stack's output that names the table with the keys. */
const TABLE_OUTPUT = 'ConfigTableName';
const WHERE = 'Say where to store the key: pass exactly one of --stack <name>, --table <name> and --data <folder>.';

/** Creates a key in the store that the flags name; each store loads only its own modules. */
async function createKey(flags: Flags): Promise<void> {
  const { tenant: tenantId, label = 'create-key' } = flags;
  if (tenantId !== undefined && !isTenantId(tenantId)) {
    throw new Refusal('--tenant must be 1 to 128 printable characters.');
  }
  const { apiKeys, close } = await openStore(flags);
  try {
    const ports = { apiKeys, clock: systemClock, random: systemRandom };
    const { id, secret } = await makeApiKey(ports, { label, ...(tenantId !== undefined && { tenantId }) });
    const whose = tenantId === undefined ? 'the platform: it names the tenant in Postrider-Tenant' : tenantId;
    // Only the key goes to stdout, so that a script can read it.
    process.stderr.write(`${id}, a key of ${whose}. It is shown only now:\n`);
    process.stdout.write(`${secret}\n`);
  } finally {
    close();
  }
}

async function openStore({ stack, table, region, data }: Flags): Promise<OpenStore> {
  if ([stack, table, data].filter((given) => given !== undefined).length !== 1) throw new Refusal(WHERE);
  if (data !== undefined) return openLocal(data);
  return openTable(table ?? (await tableOfStack(stack as string, region)), region);
}

async function openLocal(dataDir: string): Promise<OpenStore> {
  if (!existsSync(dataDir))
    throw new Refusal(`There is no folder ${dataDir}: check the path, or start Postrider with it first.`);
  const { openDataFolder } = await import('../lib/local/service/data-folder.ts');
  const { DEFAULT_SETTINGS } = await import('../lib/pipeline/settings.ts');
  const { store, close } = await openDataFolder(dataDir, systemClock, DEFAULT_SETTINGS.logTtlMs);
  return { apiKeys: store.apiKeys, close };
}

async function openTable(table: string, region: string | undefined): Promise<OpenStore> {
  const { DynamoApiKeyStore } = await import('../lib/adapters/dynamodb/stores/api-key-store.ts');
  const { createDocumentClient } = await import('../lib/adapters/dynamodb/access/client.ts');
  const { checkedConfig } = await import('../lib/adapters/dynamodb/layout/checked-config.ts');
  const client = createDocumentClient(region === undefined ? {} : { region });
  return { apiKeys: new DynamoApiKeyStore(checkedConfig(client, table)), close: () => client.destroy() };
}

async function tableOfStack(stack: string, region: string | undefined): Promise<string> {
  const otherwise = `pass --table with its output ${TABLE_OUTPUT}, which "cdk deploy" printed.`;
  return (await readStackOutputs(stack, region, [TABLE_OUTPUT], otherwise))[TABLE_OUTPUT];
}

const program = new Command('create-key')
  .description('Creates an API key with every scope and prints it, once.')
  .option('--stack <name>', 'create it in the deployment of this stack')
  .option('--table <name>', 'create it in this DynamoDB table, the config table of a deployment')
  .option('--region <region>', 'region of the stack or the table; default: your AWS configuration’s')
  .option('--data <folder>', 'create it in the data folder of a local service, which must not be running')
  .option('--tenant <id>', 'bind the key to this tenant; default: a platform key')
  .option('--label <text>', 'note what the key is for')
  .allowExcessArguments(false)
  .action(createKey);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
