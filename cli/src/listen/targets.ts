import { InvalidArgumentError } from 'commander';

/** Events of some types, and where they are forwarded to. */
export interface Mapping {
  /** A type, or the beginning of types: `task.*`. */
  type: string;
  url: string;
}

/**
 * A URL of this machine or another. What people type for short is completed: `3000`, `localhost:3000/hooks`.
 * @throws InvalidArgumentError
 */
export function targetOf(text: string): string {
  const local = /^\d+(\/|$)/.test(text) ? `localhost:${text}` : text;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(local) ? local : `http://${local}`;
  // Not `URL.parse`, which Node 20 has not.
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url.href;
  throw new InvalidArgumentError('It must be a URL such as http://localhost:3000/hooks.');
}

/** Of `--map`, which can be repeated: `task.*=http://localhost:3000/tasks`. @throws InvalidArgumentError */
export function mappingOf(text: string, before: readonly Mapping[] = []): Mapping[] {
  const [, type, url] = /^([^=\s]+)=(\S+)$/.exec(text) ?? [];
  if (type === undefined || url === undefined)
    throw new InvalidArgumentError('It must be a type and a URL: task.*=http://localhost:3000/tasks.');
  return [...before, { type, url: targetOf(url) }];
}

/** Where an event of a type goes: the first mapping that names it decides. Undefined: nowhere. */
export function targetFor(
  type: string,
  mappings: readonly Mapping[],
  otherwise: string | undefined,
): string | undefined {
  return mappings.find((one) => names(one.type, type))?.url ?? otherwise;
}

function names(pattern: string, type: string): boolean {
  if (pattern === '*') return true;
  return pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
