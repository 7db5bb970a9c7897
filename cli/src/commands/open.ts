import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { Option } from 'commander';
import type { PortalAccess, PortalSessionCreated } from '../../../sdk/src/api-types.ts';
import { aliased, withAliases } from '../access/aliases.ts';
import { type AddCommands, type Context, accessOf, clientOf, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';

const ACCESSES: readonly PortalAccess[] = ['read', 'manage'];

interface Flags {
  user?: string;
  access: PortalAccess;
  console?: string;
  print?: true;
}

export const addOpen: AddCommands = (program, contextFor) => {
  const command = withAliases(program.command('open'))
    .description('Opens the console, signed in: as an operator, or as somebody of a tenant (--tenant).')
    .helpGroup('Every day:')
    .option('--user <name>', 'who it is for, as the audit log names them; default: your name on this machine')
    .addOption(new Option('--access <access>', 'whether changes are allowed').choices(ACCESSES).default('manage'))
    .option('--console <address>', 'where the console is; default: what the service says')
    .option('--print', 'print the link only')
    .action((flags: Flags) => open(aliased(contextFor(command), command), flags));
};

/** Makes a link into the console, prints it and opens it. */
async function open(context: Context, { user, access, console: address, print }: Flags): Promise<void> {
  const { terminal } = context;
  const platform = accessOf(context).tenant === undefined;
  const session = { user: user ?? nameHere(), access };
  const made = await clientOf(context).portal.create(session, { platform, signal: terminal.signal });
  const link = linkOf(address, made);
  note(context, 'Good once, for a minute:');
  terminal.stdout.write(`${link}\n`);
  if (!print) openBrowser(link);
}

/** @throws Refusal for what is no address of a page: a browser would run it, or another program open it */
function linkOf(address: string | undefined, { url, code }: Pick<PortalSessionCreated, 'url' | 'code'>): string {
  const link = address === undefined ? url : `${address}#code=${code}`;
  if (link === null) throw new Refusal('The service does not know where its console is: pass --console <address>.');
  const parsed = URL.canParse(link) ? new URL(link) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed.href;
  throw new Refusal(`${link} is no address of a console: pass --console with one such as https://console.example.com.`);
}

/** A user without an entry in the system's list has no name, as in many containers. */
function nameHere(): string {
  try {
    return userInfo().username;
  } catch {
    return 'postrider open';
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  // Not `start`: its shell would run what follows an `&` in the link.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** A machine without a browser has the printed link. */
function openBrowser(link: string): void {
  const [command = '', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}
