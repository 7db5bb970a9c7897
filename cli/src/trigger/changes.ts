import { InvalidArgumentError } from 'commander';
import { Refusal } from '../errors/refusal.ts';

/** A new value of a field. */
export interface Change {
  /** The names of the fields on the way, or positions in lists. */
  path: readonly string[];
  value: unknown;
}

/** Of `--set`, which can be repeated: `a.b=1`. A value that is not JSON is a text. @throws InvalidArgumentError */
export function changeOf(text: string, before: readonly Change[] = []): Change[] {
  const at = text.indexOf('=');
  const path = text.slice(0, at).split('.');
  if (at < 1 || path.includes('')) throw new InvalidArgumentError('It must be a path and a value: task.id=TASK-7.');
  return [...before, { path, value: valueOf(text.slice(at + 1)) }];
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Data with one field changed; what is missing on the way is made. @throws Refusal where there is no field to be */
export function changed(data: unknown, { path, value }: Change): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const next = { path: rest, value };
  if (Array.isArray(data)) return changedList(data, name, next);
  if (typeof data !== 'object' || data === null) throw new Refusal(`--set: ${JSON.stringify(data)} has no ${name}.`);
  const before = Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : rest.length > 0 ? {} : undefined;
  // By entries, so that `__proto__` is a name like any other.
  const entries = new Map<string, unknown>(Object.entries(data));
  return Object.fromEntries(entries.set(name, changed(before, next)));
}

function changedList(list: readonly unknown[], name: string, next: Change): unknown[] {
  const index = /^\d+$/.test(name) ? Number(name) : Number.NaN;
  // One past the end is a new one.
  if (!(index <= list.length)) throw new Refusal(`--set: a list of ${list.length} has no ${name}.`);
  const before = list[index] ?? (next.path.length > 0 ? {} : undefined);
  return list.toSpliced(index, 1, changed(before, next));
}
