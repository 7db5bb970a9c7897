import { Argument } from 'commander';
import type { DeadLetterQueue } from '../../../sdk/src/api-types.ts';
import type { AddCommands } from '../context.ts';
import type { RedriveFlags } from '../deployment/redrive.ts';

const QUEUES: readonly DeadLetterQueue[] = ['exhausted', 'poison'];

interface Flags extends RedriveFlags {
  list?: true;
}

const HOW = `
It works on the queues themselves, also while the API does not answer. With the
API: postrider ops redrive <queue>`;

export const addRedrive: AddCommands = (program, contextFor) => {
  const command = program
    .command('redrive')
    .description('Redrives dead letters: exhausted deliveries are retried now, poison goes back to its queues.')
    .helpGroup('A deployment:')
    .addArgument(new Argument('<queue>', 'the dead-letter queue').choices(QUEUES))
    .option('--stack <name>', 'the deployment of this stack')
    .option('--region <region>', 'region of the stack; default: your AWS configuration’s')
    .option('--data <folder>', 'the data folder of a local service, which must not be running')
    .option('--list', 'show up to 200 messages with their causes, and move none')
    .addHelpText('after', HOW)
    .action(async (queue: DeadLetterQueue, flags: Flags) => {
      // What opens queues is large, and no other command needs it.
      const { listed, redrive } = await import('../deployment/redrive.ts');
      contextFor(command).terminal.stdout.write(await (flags.list ? listed : redrive)(queue, flags));
    });
};
