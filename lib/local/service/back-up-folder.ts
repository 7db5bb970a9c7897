import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyDatabase } from '../../adapters/sqlite/database/copy-database.ts';
import { makePrivate } from '../../adapters/sqlite/database/private-file.ts';
import { API_KEY_FILE, DATABASE_FILE, KEY_FILE } from './data-folder.ts';

/** A backup cannot be made as it was asked for; the message says what to do. */
export class BackupRefusal extends Error {
  override name = 'BackupRefusal';
}

/** What a backup is. */
export interface Backup {
  /** Absolute. */
  folder: string;
  /** Bytes of its database. */
  bytes: number;
}

/**
 * Copies a data folder, whether or not a service is using it. The copy is a data folder itself: the database as it was at
 * one moment, and with it the key that opens its secrets. It is for its owner alone.
 * @param from a data folder
 * @param to a folder that is empty or not there
 * @throws BackupRefusal
 */
export function backUpFolder(from: string, to: string): Backup {
  const [source, folder] = [resolve(from), resolve(to)];
  if (!existsSync(join(source, DATABASE_FILE)))
    throw new BackupRefusal(`There is no ${DATABASE_FILE} in ${source}: name the service’s folder with --data.`);
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0))
    throw new BackupRefusal(`${folder} is there already: name a new folder, so that no backup is written over.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of [KEY_FILE, API_KEY_FILE]) copyPrivately(join(source, name), join(folder, name));
  // Last, so that a folder with a database is a whole backup.
  const database = join(folder, DATABASE_FILE);
  copyDatabase(join(source, DATABASE_FILE), database);
  return { folder, bytes: statSync(database).size };
}

/** The service writes each of these files once, or replaces it whole. */
function copyPrivately(from: string, to: string): void {
  if (!existsSync(from)) return;
  makePrivate(to);
  copyFileSync(from, to);
}
