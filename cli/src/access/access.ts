import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NoKey, Refusal } from '../errors/refusal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Profile, profileNamed, readProfiles } from './profiles.ts';

/** Where the service is, by whose right it is called, and who said so. */
export interface Access {
  url: string;
  key: string;
  tenant?: string;
  /** For people: `the profile default`. */
  keyFrom: string;
}

/** What the command line says of it. */
export interface AccessFlags {
  apiUrl?: string;
  apiKey?: string;
  tenant?: string;
  profile?: string;
  /** The data folder of a local service. */
  data?: string;
}

/** Where `npm start` serves, unless it is told otherwise. */
export const LOCAL_URL = 'http://127.0.0.1:8080';
const LOCAL_DATA = '.postrider';

/**
 * Flags come first, then the environment (where empty is unset), then the profile, then the local service of this folder.
 * A key that was stored for one service never goes to another: a profile's to its own address only, that of a folder found by itself to this
 * machine only.
 * @throws Refusal where there is no key for the address
 */
export function findAccess(flags: AccessFlags, terminal: Terminal): Access {
  const { env } = terminal;
  // A folder that was named is meant, whatever the profile.
  const found = flags.data === undefined ? findProfile(flags, env) : undefined;
  const named = flags.data === undefined ? undefined : addressIn(flags.data, terminal);
  const url = trimmed(
    flags.apiUrl ?? named ?? (env['POSTRIDER_URL'] || (found?.profile.url ?? localAddress(terminal) ?? LOCAL_URL)),
  );
  const own = found && trimmed(found.profile.url) === url ? found : undefined;
  const tenant = flags.tenant ?? (env['POSTRIDER_TENANT'] || own?.profile.tenant);
  const [key, keyFrom] = keyFor(url, flags, terminal, own);
  return { url, key, keyFrom, ...(tenant && { tenant }) };
}

interface NamedProfile {
  name: string;
  profile: Profile;
}

function keyFor(url: string, flags: AccessFlags, terminal: Terminal, own: NamedProfile | undefined): [string, string] {
  const { env } = terminal;
  if (flags.apiKey !== undefined) return [flags.apiKey, '--api-key'];
  if (env['POSTRIDER_API_KEY']) return [env['POSTRIDER_API_KEY'], 'POSTRIDER_API_KEY'];
  if (flags.data !== undefined) return [keyIn(flags.data, terminal), `the folder ${flags.data}`];
  if (own) return [own.profile.key, `the profile ${own.name}`];
  if (isLoopback(url) && existsSync(keyFile(LOCAL_DATA, terminal))) {
    return [keyIn(LOCAL_DATA, terminal), `the folder ${LOCAL_DATA}`];
  }
  throw new NoKey(`No key for ${url}: sign in with "postrider login", or set POSTRIDER_API_KEY.`);
}

/** The profile that is named, else the current one. */
function findProfile({ profile: flag }: AccessFlags, env: Terminal['env']): NamedProfile | undefined {
  const named = flag ?? (env['POSTRIDER_PROFILE'] || undefined);
  const all = readProfiles(env);
  if (named) return { name: named, profile: profileNamed(all, named) };
  if (all.current === undefined) return undefined;
  return { name: all.current, profile: profileNamed(all, all.current) };
}

const keyFile = (data: string, { folder }: Terminal) => resolve(folder, data, 'api-key');

function keyIn(data: string, terminal: Terminal): string {
  const file = keyFile(data, terminal);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Refusal(`No key: set POSTRIDER_API_KEY, pass --api-key, or --data with the folder of a local service.`);
}

/** Where the service of a folder has written that it is. */
function addressIn(data: string, { folder }: Terminal): string | undefined {
  const file = resolve(folder, data, 'address');
  const address = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^https?:/.test(address) && URL.canParse(address) ? address : undefined;
}

/** Where the service of this folder is. A folder that nobody named leads to this machine only. */
function localAddress(terminal: Terminal): string | undefined {
  const address = addressIn(LOCAL_DATA, terminal);
  return address !== undefined && isLoopback(address) ? address : undefined;
}

function trimmed(url: string): string {
  return url.replace(/(\/v1)?\/*$/, '');
}

/** Is it an address of this machine? */
export function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
