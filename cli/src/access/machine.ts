import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Terminal } from '../terminal/terminal.ts';
import { profilesFile } from './profiles.ts';

/**
 * A name of this machine that no other has, kept beside the profiles: two laptops of a team can have the same host name.
 * Where nothing can be kept it is a new one each time.
 */
export function machineName(env: Terminal['env']): string {
  const file = join(dirname(profilesFile(env)), 'machine');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomUUID(), { mode: 0o600, flag: 'wx' });
  } catch {
    // It was there already, or it can't be written: reading it says which.
  }
  return `${hostname()}:${read(file) ?? randomUUID()}`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
