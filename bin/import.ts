import './check-node.js';
import { Argument, Command, Option } from 'commander';
import { FORMATS, type Format, type ImportedEndpoint, readEndpoints } from './import/read-endpoint.ts';
import { readRows } from './import/read-rows.ts';
import { type Target, openTarget } from './import/target.ts';
import { harmlessUrl } from '../lib/pipeline/endpoints/harmless-url.ts';
import { Refusal, explain, printable } from './refusal.ts';

interface Flags {
  url: string;
  tenant: string;
  format: Format;
  dialect?: string;
  paused: boolean;
  dryRun: boolean;
}

/** Makes the endpoints of an export, one after the other; what is there already is left as it is. */
async function importEndpoints(file: string, { url, tenant, format, dialect, paused, dryRun }: Flags): Promise<void> {
  const target = openTarget(url);
  const endpoints = readEndpoints(readRows(file), format, Date.now());
  if (dialect !== undefined) for (const { body } of endpoints) body['dialect'] ??= dialect;
  if (dryRun) return tryAll(target, endpoints, { tenant, paused });
  let [made, there] = [0, 0];
  for (const endpoint of endpoints) {
    const tenantId = endpoint.tenantId ?? tenant;
    const isNew = await target.import(tenantId, endpoint, paused).catch((error: unknown) => {
      throw new Refusal(printable(`${tenantId} ${endpoint.sourceId}: ${explain(error)}`));
    });
    if (isNew) made += 1;
    else there += 1;
    say(tenantId, endpoint, isNew ? `made${secretNote(endpoint)}` : 'is there');
  }
  process.stdout.write(`${made} made, ${there} there already\n`);
}

/** Says of each what would become of it, also after one that would be refused. */
async function tryAll(
  target: Target,
  endpoints: readonly ImportedEndpoint[],
  { tenant, paused }: Pick<Flags, 'tenant' | 'paused'>,
): Promise<void> {
  let [made, there, refused] = [0, 0, 0];
  for (const endpoint of endpoints) {
    const tenantId = endpoint.tenantId ?? tenant;
    try {
      const isNew = await target.validate(tenantId, endpoint, paused);
      if (isNew) made += 1;
      else there += 1;
      say(tenantId, endpoint, isNew ? `would be made${secretNote(endpoint)}` : 'is there');
    } catch (error) {
      refused += 1;
      process.stderr.write(`${printable(`${tenantId} ${endpoint.sourceId}: ${explain(error)}`)}\n`);
    }
  }
  process.stdout.write(`${made} would be made, ${there} there already, ${refused} refused\n`);
  if (refused > 0) process.exitCode = 1;
}

function say(tenantId: string, { sourceId, body }: ImportedEndpoint, what: string): void {
  // A URL can hold a secret, and what is printed is kept in many places.
  const url = typeof body['url'] === 'string' ? ` ${harmlessUrl(body['url'])}` : '';
  process.stdout.write(`${printable(`${tenantId} ${sourceId}${url}: ${what}`)}\n`);
}

/** Receivers that verify go on only with the secret that they have. */
function secretNote({ body }: ImportedEndpoint): string {
  return body['signing_secret'] === undefined ? ', with a new secret' : '';
}

const command = new Command('import')
  .description('Makes endpoints from an export, with their secrets. Safe to run again.')
  .addArgument(
    new Argument('<file>', 'JSON objects one after the other, or pages as the other sender’s API prints them'),
  )
  .requiredOption('--url <url>', 'of the service, such as http://127.0.0.1:8080')
  .option('--tenant <id>', 'of endpoints that name none', 'default')
  .addOption(new Option('--format <format>', 'whose export it is').choices(FORMATS).default('postrider'))
  .option('--dialect <name>', 'of endpoints that name none; by default that of the service')
  .option('--paused', 'holds what comes for them until they are resumed', false)
  .option('--dry-run', 'has the service check each, prints what would be made, and makes nothing', false)
  .action(importEndpoints);

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
