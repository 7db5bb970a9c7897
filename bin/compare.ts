import './check-node.js';
import { Command } from 'commander';
import { compareTenant, readSent } from './import/compare.ts';
import { readRows } from './import/read-rows.ts';
import { openTarget } from './import/target.ts';
import { explain, printable } from './refusal.ts';

/** Prints each event for which the two senders chose different endpoints. */
async function compare(file: string, { url, tenant, since }: { url: string; tenant: string; since?: string }) {
  const target = openTarget(url);
  const byTenant = Map.groupBy(readRows(file).map(readSent), ({ tenantId = tenant }) => tenantId);
  let [same, other] = [0, 0];
  for (const [tenantId, sent] of byTenant) {
    for (const { externalId, differences } of await compareTenant(target, tenantId, sent, since)) {
      if (differences.length === 0) same += 1;
      else other += 1;
      for (const difference of differences)
        process.stdout.write(`${printable(`${tenantId} ${externalId}: ${difference}`)}\n`);
    }
  }
  process.stdout.write(`${same} events the same, ${other} not\n`);
  if (other > 0) process.exitCode = 1;
}

const command = new Command('compare')
  .description('Compares to which imported endpoints events went there and go here. Exits with 1 if any differ.')
  .argument('<file>', 'what the other sender sent: one JSON object a line')
  .requiredOption('--url <url>', 'of the service, such as http://127.0.0.1:8080')
  .option('--tenant <id>', 'of lines that name none', 'default')
  .option('--since <time>', 'ISO 8601: looks at no events here that are older')
  .action(compare);

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
