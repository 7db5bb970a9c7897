import { Postrider } from '../../../sdk/src/postrider.ts';
import { LOCAL_URL, isLoopback } from '../access/access.ts';
import { checkKey } from '../access/check-key.ts';
import { DEFAULT_PROFILE, type Profile, profileNamed, readProfiles, writeProfiles } from '../access/profiles.ts';
import { type AddCommands, type Context, confirmed, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { writeRows } from '../output/write.ts';
import { ask, askHidden } from '../terminal/ask.ts';
import { isInteractive, readInput } from '../terminal/terminal.ts';

const GROUP = 'This machine:';

export const addLogin: AddCommands = (program, contextFor) => {
  const login = program
    .command('login')
    .description('Keeps the address of a service and a key for it, as a profile that only you can read.')
    .helpGroup(GROUP)
    .addHelpText('after', '\nIn a script, give the key on stdin: postrider login --api-url https://… < key')
    .action(() => signIn(contextFor(login)));
  const logout = program
    .command('logout')
    .description('Forgets a profile. Its key stays good: "postrider api-keys revoke" ends it.')
    .helpGroup(GROUP)
    .action(() => signOut(contextFor(logout)));
  const profiles = program
    .command('profiles')
    .helpCommand(false)
    .description('The profiles of this machine.')
    .helpGroup(GROUP);
  const list = profiles
    .command('list')
    .description('All profiles, without their keys.')
    .action(() => listProfiles(contextFor(list)));
  const use = profiles
    .command('use <name>')
    .description('Makes a profile the one that is used where none is named.')
    .action((name: string) => useProfile(contextFor(use), name));
};

async function signIn(context: Context): Promise<void> {
  const { terminal, flags } = context;
  const name = nameOf(context) ?? DEFAULT_PROFILE;
  const url = addressOf(flags.apiUrl ?? (terminal.env['POSTRIDER_URL'] || (await askUrl(context))));
  const key = flags.apiKey ?? (await askKey(context));
  const profile: Profile = { url, key, ...(flags.tenant !== undefined && { tenant: flags.tenant }) };
  await checkKey(clientFor(context, profile), terminal.signal);
  const all = readProfiles(terminal.env);
  writeProfiles(terminal.env, { current: name, profiles: { ...all.profiles, [name]: profile } });
  note(context, `Signed in to ${url}: the profile ${name} is used from now on.`);
  if (url.startsWith('http:') && !isLoopback(url))
    note(context, 'Anyone on the way can read the key, because this address is not https.');
}

/**
 * As people type it: `localhost:8080`, `postrider.example.com`.
 * @throws Refusal for what is no address, before a key is asked for
 */
function addressOf(typed: string): string {
  const isWhole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const url = isWhole ? typed : `${isLoopback(`http://${typed}`) ? 'http' : 'https'}://${typed}`;
  if (/^https?:/i.test(url) && URL.canParse(url)) return url;
  throw new Refusal(`${typed} is no address: give one such as https://postrider.example.com.`);
}

function nameOf({ terminal: { env }, flags }: Context): string | undefined {
  return flags.profile ?? env['POSTRIDER_PROFILE'];
}

async function askUrl({ terminal }: Context): Promise<string> {
  if (!isInteractive(terminal)) throw new Refusal('Say where the service is: pass --api-url.');
  return (await ask(terminal, `Address of the service [${LOCAL_URL}]: `)).trim() || LOCAL_URL;
}

async function askKey({ terminal }: Context): Promise<string> {
  const typed = isInteractive(terminal)
    ? await askHidden(terminal, 'API key (it is not shown): ')
    : (await readInput(terminal)).toString('utf8');
  if (typed.trim() === '') throw new Refusal('No key was given: type it, or give it on stdin.');
  return typed.trim();
}

/** A client of a profile that is not kept yet. */
function clientFor({ terminal: { fetch } }: Context, { url, key, tenant }: Profile): Postrider {
  return new Postrider({ apiKey: key, baseUrl: url, ...(tenant && { tenant }), ...(fetch && { fetch }) });
}

async function signOut(context: Context): Promise<void> {
  const { env } = context.terminal;
  const all = readProfiles(env);
  const name = nameOf(context) ?? all.current ?? DEFAULT_PROFILE;
  const { url } = profileNamed(all, name);
  await confirmed(context, `Forgets the key of ${url}.`, `the profile ${name}`);
  const { [name]: _, ...profiles } = all.profiles;
  const current = all.current === name ? Object.keys(profiles)[0] : all.current;
  writeProfiles(env, { ...(current !== undefined && { current }), profiles });
  note(context, `The profile ${name} is gone${current === undefined ? '' : `; ${current} is used from now on`}.`);
}

function listProfiles(context: Context): Promise<void> {
  const { profiles, current } = readProfiles(context.terminal.env);
  const rows = Object.entries(profiles).map(([name, { url, tenant }]) => ({
    name,
    url,
    tenant: tenant ?? null,
    current: name === current,
  }));
  const columns = ['name', 'url', 'tenant', 'current'].map((path) => ({ path }));
  return writeRows(context, rows, columns, 'None yet: "postrider login" makes one.');
}

function useProfile(context: Context, name: string): void {
  const { env } = context.terminal;
  const all = readProfiles(env);
  const { url } = profileNamed(all, name);
  writeProfiles(env, { ...all, current: name });
  note(context, `The profile ${name} (${url}) is used from now on.`);
}
