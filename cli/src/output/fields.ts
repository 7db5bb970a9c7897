import { type Style, statusText } from '../terminal/style.ts';
import { cell, clean, cut, padded, widthOf } from './cells.ts';

/**
 * A line for each field that has a value. Texts that are asked for whole (ids, secrets, URLs) are never cut; lists and
 * objects are, in a terminal.
 */
export function fields(one: object, style: Style, width?: number): string {
  const given = Object.entries(one).filter(([, value]) => isShown(value));
  const nameWidth = Math.max(0, ...given.map(([name]) => widthOf(named(name))));
  return given
    .map(([name, value]) => {
      const text = typeof value === 'object' && width ? cut(cell(value), width - nameWidth - 2) : cell(value);
      const shown = name === 'status' || name === 'outcome' ? statusText(style, text) : text;
      return `${style('faint', padded(named(name), nameWidth))}  ${shown}`;
    })
    .join('\n');
}

/** Rows are shown as a table of their own, below. */
export function isRows(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && one !== null);
}

function isShown(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !isRows(value) && String(value) !== '';
}

const named = (name: string) => clean(name.replaceAll('_', ' '));
