import type { Context } from '../context.ts';
import { cell, clean } from './cells.ts';
import { fields, isRows } from './fields.ts';
import { json } from './json.ts';
import { type Column, columnsIn, table, valueAt } from './table.ts';

/** As wide as a terminal is; undefined where stdout is a pipe or a file. */
function widthOf({ terminal: { stdout } }: Context): number | undefined {
  return stdout.isTTY ? (stdout.columns ?? 80) : undefined;
}

function print({ terminal }: Context, text: string): void {
  if (text !== '') terminal.stdout.write(`${text}\n`);
}

/** Writes one thing. @param whole what JSON shows; the default is what people see too */
export function writeOne(context: Context, one: object, whole: object = one): void {
  const { flags, style } = context;
  if (flags.output === 'json') return print(context, json(whole, 2));
  if (flags.output === 'jsonl') return print(context, json(whole));
  if (flags.output === 'quiet') return print(context, idOf(whole));
  print(context, fields(one, style, widthOf(context)));
  for (const [name, rows] of Object.entries(one)) if (isRows(rows)) writeWithin(context, name, rows);
}

/** Rows within one thing, such as the attempts of a delivery: a table below it. */
function writeWithin(context: Context, name: string, rows: readonly object[]): void {
  print(context, `\n${context.style('strong', clean(name.replaceAll('_', ' ')))}`);
  print(context, table(rows, columnsIn(rows), context.style, widthOf(context)));
}

/**
 * Writes the rows of a list. Only `jsonl` and `quiet` write rows as they come; a table needs all widths first.
 * @param columns those of the table; `quiet` prints the first
 */
export async function writeRows(
  context: Context,
  rows: AsyncIterable<object> | Iterable<object>,
  columns: readonly Column[],
  nothing: string,
): Promise<void> {
  const { flags, style } = context;
  const { output } = flags;
  const all: object[] = [];
  for await (const row of rows) {
    if (output === 'jsonl') print(context, json(row));
    else if (output === 'quiet') print(context, idOf(row, columns[0]?.path));
    else all.push(row);
  }
  if (output === 'json') return print(context, json(all, 2));
  if (output !== 'table') return undefined;
  if (all.length > 0) return print(context, table(all, columns, style, widthOf(context)));
  context.terminal.stderr.write(`${nothing}\n`);
}

/** What names a thing, for the next command of a script. */
function idOf(one: object, path = 'id'): string {
  return cell(valueAt(one, path) ?? valueAt(one, 'id') ?? valueAt(one, 'type') ?? valueAt(one, 'name'));
}
