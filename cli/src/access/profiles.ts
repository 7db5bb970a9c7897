import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors/refusal.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A service, and the right to call it. */
export interface Profile {
  url: string;
  key: string;
  /** Whose data calls are about, for a platform key. */
  tenant?: string;
}

export interface Profiles {
  /** The name of the one that is used where none is named. */
  current?: string;
  profiles: Record<string, Profile>;
}

export const DEFAULT_PROFILE = 'default';

/** Where the profiles are: `POSTRIDER_CONFIG`, else in the user's folder for configuration. */
export function profilesFile(env: Terminal['env']): string {
  if (env['POSTRIDER_CONFIG']) return env['POSTRIDER_CONFIG'];
  const folder = env['XDG_CONFIG_HOME'] || env['APPDATA'] || join(homedir(), '.config');
  return join(folder, 'postrider', 'profiles.json');
}

/** @throws Refusal for a file that is not readable, or not of profiles */
export function readProfiles(env: Terminal['env']): Profiles {
  const file = profilesFile(env);
  if (!existsSync(file)) return { profiles: {} };
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Profiles;
    if (typeof read.profiles !== 'object' || read.profiles === null) throw new TypeError('it has no "profiles"');
    if (!Object.values(read.profiles).every(isProfile)) throw new TypeError('a profile has no "url" or no "key"');
    return read;
  } catch (cause) {
    throw new Refusal(`${file} can't be read: mend it, or delete it and sign in again.`, { cause });
  }
}

function isProfile(value: unknown): value is Profile {
  const { url, key } = (value ?? {}) as Partial<Profile>;
  return typeof url === 'string' && typeof key === 'string';
}

/** Replaces the file as a whole; only its owner can read it, from its first byte on. */
export function writeProfiles(env: Terminal['env'], profiles: Profiles): void {
  const file = profilesFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A name that nobody knows before, and a new file: one that was put there could be read by whoever put it there.
  const written = `${file}.${randomUUID()}`;
  try {
    writeFileSync(written, `${JSON.stringify(profiles, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(written, file);
  } catch (error) {
    rmSync(written, { force: true });
    throw new Refusal(`${file} can't be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Can others read the keys? (Windows has no such modes.) */
export function isReadableByOthers(env: Terminal['env']): boolean {
  const file = profilesFile(env);
  return process.platform !== 'win32' && existsSync(file) && (statSync(file).mode & 0o077) !== 0;
}

/** @throws Refusal when there is none of this name */
export function profileNamed({ profiles }: Profiles, name: string): Profile {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found) return found;
  const names = Object.keys(profiles).join(', ') || 'none yet';
  throw new Refusal(
    `There is no profile ${name} (there are: ${names}): sign in with "postrider login --profile ${name}".`,
  );
}
