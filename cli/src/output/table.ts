import { type Style, statusText } from '../terminal/style.ts';
import { cell, cut, padded, widthOf } from './cells.ts';

const GAP = 2;
const NARROWEST = 8;

/** What a table is of: a path in each row (`endpoint.id`), under a heading. */
export interface Column {
  path: string;
  heading?: string;
}

/**
 * Rows under headings. In a terminal it keeps to its width: the widest columns are cut first, and those on the right are
 * left out when there is no room; the first, which has the ids, stays whole.
 * @param width undefined: as wide as it is, for pipes and files
 */
export function table(rows: readonly unknown[], columns: readonly Column[], style: Style, width?: number): string {
  const texts = rows.map((row) => columns.map(({ path }) => cell(valueAt(row, path))));
  const headings = columns.map(({ path, heading }) => heading ?? path.replaceAll(/[._]/g, ' '));
  const natural = headings.map((heading, index) =>
    Math.max(widthOf(heading), ...texts.map((row) => widthOf(row[index] ?? ''))),
  );
  const widths = width === undefined ? natural : fitted(natural, width);
  const line = (cells: readonly string[], paint: (text: string, shown: string, column: number) => string) =>
    widths
      .map((most, index) => paint(cells[index] ?? '', padded(cut(cells[index] ?? '', most), most), index))
      .join(' '.repeat(GAP))
      .trimEnd();
  const isStatus = (index: number) => /(^|\.)(status|outcome)$/.test(columns[index]?.path ?? '');
  const head = line(headings, (_, shown) => style('faint', shown));
  const body = texts.map((row) =>
    line(row, (text, shown, index) => (isStatus(index) ? statusText(style, text, shown) : shown)),
  );
  return [head, ...body].join('\n');
}

function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, one) => sum + one, GAP * (widths.length - 1));
  while (total() > width) {
    const widest = Math.max(...widths.slice(1));
    if (widths.length === 1) break;
    if (widest <= NARROWEST) widths.pop();
    else widths[widths.lastIndexOf(widest)] = Math.max(NARROWEST, widest - (total() - width));
  }
  return widths;
}

/** `endpoint.id` of `{"endpoint": {"id": …}}`. */
export function valueAt(row: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as never)[name] : undefined), row);
}
