import type { DatabaseSync } from 'node:sqlite';
import { CONVERSIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';

/**
 * Gives a file the schema of this version, whatever earlier version it has.
 * @throws Error when it is a newer version's
 */
export function bringUpToDate(handle: DatabaseSync, path: string): void {
  const found = versionOf(handle);
  if (found > SCHEMA_VERSION)
    throw new Error(
      `${path} has schema ${found}, but this version of Postrider reads schema ${SCHEMA_VERSION} or older: start the version that wrote it, or a newer one.`,
    );
  const earlier = found === 0 ? [] : Array.from({ length: SCHEMA_VERSION - found }, (_, index) => found + index);
  const conversion = earlier.map((version) => CONVERSIONS[version]).join('');
  handle.exec(`BEGIN IMMEDIATE; ${conversion} ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

/** @throws Error when a file has the schema of another version */
export function requireThisVersion(handle: DatabaseSync, path: string): void {
  const found = versionOf(handle);
  if (found === SCHEMA_VERSION) return;
  throw new Error(
    `${path} has schema ${found}, and this version of Postrider has schema ${SCHEMA_VERSION}: use the version that is running.`,
  );
}

function versionOf(handle: DatabaseSync): number {
  return Number(handle.prepare('PRAGMA user_version').get()?.user_version);
}
