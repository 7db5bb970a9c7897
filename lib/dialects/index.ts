import type { Dialect } from './dialect.ts';
import { standard } from './standard/standard.ts';

/** Every dialect, by the name that endpoints store. Adding one takes a folder and a line here: see {@link Dialect}. */
export const dialects = { standard } satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
export const DIALECT_NAMES = Object.keys(dialects) as DialectName[];

/**
 * What any dialect reserves, reserved on every endpoint: an endpoint's edit doesn't name its dialect, and no customer
 * should get a signature header that a tenant made up.
 */
export const RESERVED_HEADERS: readonly string[] = Object.values(dialects).flatMap((each) => each.reservedHeaders);

/** @throws Error for a name that no stored endpoint can have */
export function dialectNamed(name: string): Dialect {
  const dialect = Object.hasOwn(dialects, name) ? dialects[name as DialectName] : undefined;
  if (!dialect) throw new Error(`There is no dialect ${JSON.stringify(name)}.`);
  return dialect;
}
