import './check-node.js';
import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { FORMATS, type Format, type ImportedEndpoint, readEndpoint } from './import/read-endpoint.ts';
import { Target } from './import/target.ts';
import { Refusal, explain } from './refusal.ts';

interface Flags {
  url: string;
  tenant: string;
  format: Format;
  dryRun?: true;
}

/** Makes the endpoints of an export, one after the other; what is there already is left as it is. */
async function importEndpoints(file: string, { url, tenant, format, dryRun }: Flags): Promise<void> {
  const key = process.env['POSTRIDER_API_KEY'];
  if (!key) throw new Refusal('Put an API key into POSTRIDER_API_KEY.');
  const endpoints = readAll(file, format);
  const target = new Target(url, key);
  let [made, there] = [0, 0];
  for (const endpoint of endpoints) {
    const tenantId = endpoint.tenantId ?? tenant;
    const isNew = dryRun
      ? !(await target.importedOf(tenantId)).has(endpoint.sourceId)
      : await target.import(tenantId, endpoint);
    if (isNew) made += 1;
    else there += 1;
    const word = isNew ? (dryRun ? 'would be made' : 'made') : 'is there';
    process.stdout.write(`${tenantId} ${endpoint.sourceId} ${String(endpoint.body['url'])}: ${word}\n`);
  }
  process.stdout.write(`${made} ${dryRun ? 'would be made' : 'made'}, ${there} there already\n`);
}

/** The whole file is read before anything is made. @throws Refusal */
function readAll(file: string, format: Format): ImportedEndpoint[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Refusal(`${file} can’t be read: check the path.`, { cause });
  }
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  return lines.filter(({ line }) => line.trim() !== '').map(({ line, number }) => readEndpoint(line, format, number));
}

const command = new Command('import')
  .description('Makes endpoints from an export, with their secrets. Safe to run again.')
  .addArgument(new Argument('<file>', 'one JSON object a line'))
  .requiredOption('--url <url>', 'of the service, such as http://127.0.0.1:8080')
  .option('--tenant <id>', 'of lines that name none', 'default')
  .addOption(new Option('--format <format>', 'whose export it is').choices(FORMATS).default('postrider'))
  .option('--dry-run', 'prints what would be made, and makes nothing')
  .action(importEndpoints);

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
