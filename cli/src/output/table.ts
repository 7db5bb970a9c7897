import { type Style, statusText } from '../terminal/style.ts';
import { cell, clean, cut, padded, widthOf } from './cells.ts';

const GAP = 2;
const NARROWEST = 8;

/** What a table is of: a path in each row (`endpoint.id`), under a heading. */
export interface Column {
  path: string;
  heading?: string;
}

/**
 * Rows under headings. In a terminal it keeps to its width: the widest columns are cut first, and those on the right are
 * left out when there is no room; ids, in the first, and statuses stay whole.
 * @param width undefined: as wide as it is, for pipes and files
 */
export function table(rows: readonly unknown[], columns: readonly Column[], style: Style, width?: number): string {
  const texts = rows.map((row) => columns.map(({ path }) => cell(valueAt(row, path))));
  const headings = columns.map(({ path, heading }) => heading ?? clean(path.replaceAll(/[._]/g, ' ')));
  const natural = headings.map((heading, index) =>
    Math.max(widthOf(heading), ...texts.map((row) => widthOf(row[index] ?? ''))),
  );
  const isStatus = (index: number) => /(^|\.)(status|outcome)$/.test(columns[index]?.path ?? '');
  const widths = width === undefined ? natural : fitted(natural, width, (index) => index === 0 || isStatus(index));
  const last = widths.length - 1;
  const line = (cells: readonly string[], paint: (text: string, shown: string, column: number) => string) =>
    widths
      .map((most, index) => {
        const shown = cut(cells[index] ?? '', most);
        return paint(cells[index] ?? '', index === last ? shown : padded(shown, most), index);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(headings, (_, shown) => style('faint', shown));
  const body = texts.map((row) =>
    line(row, (text, shown, index) => (isStatus(index) ? statusText(style, text, shown) : shown)),
  );
  return [head, ...body].join('\n');
}

function fitted(natural: readonly number[], width: number, isWhole: (index: number) => boolean): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, one) => sum + one, GAP * (widths.length - 1));
  while (total() > width && widths.length > 1) {
    const wide = widths.map((one, index) => (isWhole(index) ? 0 : one));
    const widest = Math.max(...wide);
    if (widest <= NARROWEST) widths.pop();
    else widths[wide.lastIndexOf(widest)] = Math.max(NARROWEST, widest - (total() - width));
  }
  return widths;
}

/** The fields of rows whose kind is not known, but for those that a line has no room for. */
export function columnsIn(rows: readonly object[]): Column[] {
  const shown = Object.entries(rows[0] ?? {}).filter(([, value]) => typeof value !== 'object' || value === null);
  return shown.map(([path]) => ({ path }));
}

/** `endpoint.id` of `{"endpoint": {"id": …}}`. */
export function valueAt(row: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as never)[name] : undefined), row);
}
