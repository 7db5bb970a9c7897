import './check-node.js';
import { Command } from 'commander';
import { backUpFolder } from '../lib/local/service/back-up-folder.ts';
import { explain } from './refusal.ts';

const MIB = 2 ** 20;

function backUp(folder: string, { data }: { data: string }): void {
  const backup = backUpFolder(data, folder);
  process.stdout.write(
    `${backup.folder}: ${(backup.bytes / MIB).toFixed(1)} MiB, whole and checked.\n` +
      `It has the key that opens the secrets: keep it as safe as ${data}.\n` +
      `To run from it: npm start -- --data ${folder}\n`,
  );
}

const program = new Command('backup')
  .description('Copies the data folder of a local service, which may be running, into a new folder.')
  .argument('<folder>', 'where the backup goes: a folder that is empty or not there')
  .option('--data <folder>', 'the data folder of the service', '.postrider')
  .allowExcessArguments(false)
  .action(backUp);

try {
  program.parse();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
