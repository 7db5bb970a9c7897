import { type Style, statusText } from '../terminal/style.ts';
import { cell, cut, padded, widthOf } from './cells.ts';

/**
 * A line for each field that has a value. Texts that are asked for whole (ids, secrets, URLs) are never cut; lists and
 * objects are, in a terminal.
 */
export function fields(one: object, style: Style, width?: number): string {
  const given = Object.entries(one).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const nameWidth = Math.max(0, ...given.map(([name]) => widthOf(named(name))));
  return given
    .map(([name, value]) => {
      const text = typeof value === 'object' && width ? cut(cell(value), width - nameWidth - 2) : cell(value);
      const shown = name === 'status' || name === 'outcome' ? statusText(style, text) : text;
      return `${style('faint', padded(named(name), nameWidth))}  ${shown}`;
    })
    .join('\n');
}

const named = (name: string) => name.replaceAll('_', ' ');
