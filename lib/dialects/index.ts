import type { Dialect } from './dialect.ts';
import { standard } from './standard/standard.ts';

/** Every dialect, by name: adding one is a folder and a line here. */
export const dialects = { standard } as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
export const DIALECT_NAMES = Object.keys(dialects) as DialectName[];

/** @throws Error for a name that no stored endpoint can have */
export function dialectNamed(name: string): Dialect {
  const dialect = Object.hasOwn(dialects, name) ? dialects[name as DialectName] : undefined;
  if (!dialect) throw new Error(`There is no dialect ${JSON.stringify(name)}.`);
  return dialect;
}
