import './check-node.js';
import { Argument, Command, Option } from 'commander';
import { FORMATS, type Format, readEndpoint } from './import/read-endpoint.ts';
import { readLines } from './import/read-lines.ts';
import { openTarget } from './import/target.ts';
import { Refusal, explain } from './refusal.ts';

interface Flags {
  url: string;
  tenant: string;
  format: Format;
  dialect?: string;
  paused?: true;
  dryRun?: true;
}

/** Makes the endpoints of an export, one after the other; what is there already is left as it is. */
async function importEndpoints(file: string, { url, tenant, format, dialect, paused, dryRun }: Flags): Promise<void> {
  const target = openTarget(url);
  const endpoints = readLines(file, (line, number) => readEndpoint(line, format, number));
  if (dialect !== undefined) for (const { body } of endpoints) body['dialect'] ??= dialect;
  let [made, there] = [0, 0];
  for (const endpoint of endpoints) {
    const tenantId = endpoint.tenantId ?? tenant;
    const isNew = dryRun
      ? !(await target.importedOf(tenantId)).has(endpoint.sourceId)
      : await target.import(tenantId, endpoint, paused).catch((error: unknown) => {
          throw new Refusal(`${tenantId} ${endpoint.sourceId}: ${explain(error)}`);
        });
    if (isNew) made += 1;
    else there += 1;
    const word = isNew ? (dryRun ? 'would be made' : 'made') : 'is there';
    process.stdout.write(`${tenantId} ${endpoint.sourceId} ${String(endpoint.body['url'])}: ${word}\n`);
  }
  process.stdout.write(`${made} ${dryRun ? 'would be made' : 'made'}, ${there} there already\n`);
}

const command = new Command('import')
  .description('Makes endpoints from an export, with their secrets. Safe to run again.')
  .addArgument(new Argument('<file>', 'one JSON object a line'))
  .requiredOption('--url <url>', 'of the service, such as http://127.0.0.1:8080')
  .option('--tenant <id>', 'of lines that name none', 'default')
  .addOption(new Option('--format <format>', 'whose export it is').choices(FORMATS).default('postrider'))
  .option('--dialect <name>', 'of lines that name none; by default that of the service')
  .option('--paused', 'holds what comes for them until they are resumed')
  .option('--dry-run', 'prints what would be made, and makes nothing')
  .action(importEndpoints);

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
