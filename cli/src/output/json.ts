import { OBEYED } from './cells.ts';

/**
 * JSON for people and programs. What a terminal would obey stands there as `\u009b`, which means the same: JSON itself
 * escapes only some of it.
 * @param space how far each level is indented; undefined: all in one line
 */
export function json(value: unknown, space?: number): string {
  return escaped(JSON.stringify(value, undefined, space));
}

/** A text of several lines, of JSON or a program, with what a terminal would obey escaped as its strings have it. */
export function escaped(text: string): string {
  return text.replaceAll(OBEYED, (one) =>
    /[\n\t]/.test(one) ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
