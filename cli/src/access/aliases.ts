import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';

interface Aliases {
  api?: string;
  url?: string;
  key?: string;
  data?: string;
}

/** Adds options that say by other names which service is meant, and the data folder of a local one. */
export function withAliases(command: Command): Command {
  return command
    .option('--data <folder>', 'the data folder of a local service, whose key is used')
    .addOption(new Option('--url <url>', '--api-url').hideHelp())
    .addOption(new Option('--api <url>', '--api-url').hideHelp())
    .addOption(new Option('--key <key>', '--api-key').hideHelp());
}

/** The context of a command with these options. */
export function aliased(context: Context, command: Command): Context {
  const { api, url = api, key, data } = command.opts<Aliases>();
  const flags = {
    ...(url !== undefined && { apiUrl: url }),
    ...(key !== undefined && { apiKey: key }),
    ...(data !== undefined && { data }),
  };
  return { ...context, flags: { ...flags, ...context.flags } };
}
