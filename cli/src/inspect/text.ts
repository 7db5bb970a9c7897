import { clean, padded, widthOf } from '../output/cells.ts';

/** What is shown of one thing, by its name. */
export type Fields = Record<string, string | number | null | undefined>;

/** A line for each field that has a value. */
export function shown(fields: Fields): string {
  const all = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(...all.map(([name]) => widthOf(clean(name))));
  return all.map(([name, value]) => `${padded(clean(name), width)}  ${clean(String(value))}`).join('\n');
}

/** A titled table. @param more there are more rows than these */
export function list(title: string, rows: readonly (readonly (string | number)[])[], more = false): string {
  if (rows.length === 0) return `${title}: none`;
  const texts = rows.map((row) => row.map((cell) => clean(String(cell))));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => widthOf(row[column] ?? ''))));
  const lines = texts.map((row) =>
    `  ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [`${title}: ${rows.length}${more ? ', and more' : ''}`, ...lines].join('\n');
}
