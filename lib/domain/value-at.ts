/**
 * The value at a path of members; undefined: there is none. Own members only: a path never reaches what an object
 * inherits.
 */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || JSON.isRawJSON(at) || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
