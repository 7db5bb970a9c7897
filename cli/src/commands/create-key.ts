import { type AddCommands, note } from '../context.ts';
import type { CreateKeyFlags } from '../deployment/create-key.ts';

export const addCreateKey: AddCommands = (program, contextFor) => {
  const command = program
    .command('create-key')
    .description('Creates an API key with every scope, in the store itself: for the first one. It is shown once.')
    .helpGroup('A deployment:')
    .option('--stack <name>', 'create it in the deployment of this stack')
    .option('--table <name>', 'create it in this DynamoDB table, the config table of a deployment')
    .option('--region <region>', 'region of the stack or the table; default: your AWS configuration’s')
    .option('--data <folder>', 'create it in the data folder of a local service, which may be running')
    .option('--name <text>', 'what people call the key')
    .addHelpText('after', '\nWith --tenant it is a key of that tenant, else one of the platform.')
    .action(async () => {
      // What opens stores is large, and no other command needs it.
      const { createKey } = await import('../deployment/create-key.ts');
      const context = contextFor(command);
      const { id, whose, secret } = await createKey(command.optsWithGlobals<CreateKeyFlags>());
      // Only the key goes to stdout, so that a script can read it.
      note(context, `${id}, a key of ${whose}. It is shown only now:`);
      context.terminal.stdout.write(`${secret}\n`);
    });
};
