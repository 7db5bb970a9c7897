import './check-node.js';
import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { ACCESSES } from '../lib/domain/portal-session.ts';
import { type AccessFlags, createCall, withAccess } from './api-access.ts';
import { Refusal, explain } from './refusal.ts';

interface Flags extends AccessFlags {
  user: string;
  access: string;
  console?: string;
  print?: true;
}

/** Makes a link into the console, for an operator or for a tenant's person, prints it and opens it. */
async function open(flags: Flags): Promise<void> {
  const { tenant, user, access } = flags;
  const query = tenant === undefined ? '?platform=true' : '';
  const made = await createCall(flags)('POST', `/v1/portal/sessions${query}`, { user, access });
  const link = flags.console === undefined ? made.url : `${flags.console}#code=${made.code}`;
  if (link === null) throw new Refusal('The service does not know where its console is: pass --console <address>.');
  process.stderr.write('Good once, for a minute:\n');
  process.stdout.write(`${link}\n`);
  if (!flags.print) openBrowser(link);
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  // The empty text is the title of the window that `start` makes.
  win32: ['cmd', '/c', 'start', '""'],
};

/** A machine without a browser has the printed link. */
function openBrowser(link: string): void {
  const [command = '', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}

const program = withAccess(
  new Command('open'),
  'whose portal to open; default: the operator’s console, for all tenants',
)
  .description('Opens the console, signed in: as an operator, or as somebody of a tenant (--tenant).')
  .option('--user <name>', 'who it is for, as the audit log names them', userInfo().username)
  .addOption(new Option('--access <access>', 'whether changes are allowed').choices(ACCESSES).default('manage'))
  .option('--console <address>', 'where the console is; default: what the service says')
  .option('--print', 'print the link only')
  .allowExcessArguments(false)
  .action(open);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
