import './check-node.js';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../lib/adapters/system/system-random.ts';
import { isTenantId } from '../lib/api/authorize.ts';
import { makeApiKey } from '../lib/api/make-api-key.ts';
import type { ApiKeyStore } from '../lib/ports/api-key-store.ts';

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

/** What the person at the keyboard can mend: the message says how. */
class Refusal extends Error {}

/** The stack's output that names the table with the keys. */
const TABLE_OUTPUT = 'ConfigTableName';
const WHERE =
  'Say where the key is to be kept: --stack <name>, --table <name> or --data <folder>, and only one of them.';

/** Makes a key in whatever store the flags name; each loads only what it needs. */
async function createKey(flags: Flags): Promise<void> {
  const { tenant: tenantId, label = 'create-key' } = flags;
  if (tenantId !== undefined && !isTenantId(tenantId)) {
    throw new Refusal('--tenant must be 1 to 128 letters, digits, `_`, `.`, `:` and `-`.');
  }
  const { apiKeys, close } = await openStore(flags);
  try {
    const ports = { apiKeys, clock: systemClock, random: systemRandom };
    const { id, secret } = await makeApiKey(ports, { label, ...(tenantId !== undefined && { tenantId }) });
    const whose = tenantId === undefined ? 'the platform: it names the tenant in Postrider-Tenant' : tenantId;
    // Only the key goes to stdout, so that a script can take it from there.
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
    throw new Refusal(`There is no folder ${dataDir}: start Postrider in it first, or correct it.`);
  const { openDataFolder } = await import('../lib/local/data-folder.ts');
  const { DEFAULT_SETTINGS } = await import('../lib/pipeline/settings.ts');
  const { store, close } = await openDataFolder(dataDir, systemClock, DEFAULT_SETTINGS.logTtlMs);
  return { apiKeys: store.apiKeys, close };
}

async function openTable(table: string, region: string | undefined): Promise<OpenStore> {
  const { DynamoApiKeyStore } = await import('../lib/adapters/dynamodb/api-key-store.ts');
  const { createDocumentClient } = await import('../lib/adapters/dynamodb/client.ts');
  const { DocumentTable } = await import('../lib/adapters/dynamodb/document-table.ts');
  const client = createDocumentClient(region === undefined ? {} : { region });
  return { apiKeys: new DynamoApiKeyStore(new DocumentTable(client, table)), close: () => client.destroy() };
}

/** Asks the AWS command line, which who deploys has at hand, for the stack's outputs. */
async function tableOfStack(stack: string, region: string | undefined): Promise<string> {
  const args = ['cloudformation', 'describe-stacks', '--stack-name', stack, '--query', 'Stacks[0].Outputs'];
  const regionArgs = region === undefined ? [] : ['--region', region];
  const outputs = await runAws([...args, '--output', 'json', ...regionArgs]);
  const list = JSON.parse(outputs) as { OutputKey: string; OutputValue: string }[] | null;
  const table = list?.find(({ OutputKey }) => OutputKey === TABLE_OUTPUT)?.OutputValue;
  if (table === undefined)
    throw new Refusal(`The stack ${stack} has no output ${TABLE_OUTPUT}: is it a Postrider stack?`);
  return table;
}

async function runAws(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)('aws', args)).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code !== 'ENOENT') throw new Refusal(`The AWS command line failed: ${(stderr ?? String(error)).trim()}`);
    throw new Refusal(
      `There is no AWS command line here to ask for the stack's outputs: pass --table with its output ${TABLE_OUTPUT}, which "cdk deploy" has printed.`,
    );
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== error.message
    ? `${error.message} (${cause.message})`
    : error.message;
}

const program = new Command('create-key')
  .description('Makes an API key with every scope and prints it, once.')
  .option('--stack <name>', 'in the deployment of this stack')
  .option('--table <name>', 'in this DynamoDB table, the config table of a deployment')
  .option('--region <region>', 'of the stack or the table; default: the one that your AWS configuration names')
  .option('--data <folder>', 'in the store of a local service, which must not run at the same time')
  .option('--tenant <id>', 'for this tenant only; left off: for the platform')
  .option('--label <text>', 'what the key is for')
  .allowExcessArguments(false)
  .action(createKey);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
