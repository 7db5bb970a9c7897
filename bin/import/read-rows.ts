import { readFileSync } from 'node:fs';
import { parseExactJson } from '../../lib/domain/exact-json.ts';
import { Refusal } from '../refusal.ts';

export type Row = Record<string, unknown>;

/** A JSON object of a file, and the line that it begins in. */
export interface PlacedRow {
  row: Row;
  line: number;
}

/**
 * The whole file is read before anything is done with it: JSON objects one after the other, a line each or not, and
 * pages of them as APIs answer them (a list, or an object with a list in `data` or `models`).
 * @throws Refusal
 */
export function readRows(file: string): PlacedRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Refusal(`${file} can’t be read: check the path.`, { cause });
  }
  const values = [...valuesOf(text)];
  // Of a list, what is no page (the secrets of its rows, say) may stand after the last one.
  const last = values.findLast(({ value }) => isPage(value));
  if (last && isFollowed(last.value as Row)) {
    throw new Refusal(`Line ${last.line}: another page comes after this one. Add it to the file.`);
  }
  return values.flatMap(({ value, line }) => rowsOf(value, line).map((row) => ({ row, line })));
}

function isPage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && pageIn(value as Row) !== undefined;
}

/** Does the page itself say that it is not the last? */
function isFollowed({ done, next_cursor: next }: Row): boolean {
  return done === false || typeof next === 'string';
}

/** The list in a page. */
function pageIn({ data, models }: Row): unknown[] | undefined {
  return [data, models].find(Array.isArray);
}

function rowsOf(value: unknown, line: number): Row[] {
  if (Array.isArray(value)) return value.flatMap((one) => rowsOf(one, line));
  if (typeof value !== 'object' || value === null) throw notAnObject(line);
  const page = pageIn(value as Row);
  return page ? rowsOf(page, line) : [value as Row];
}

/** The JSON values of a text, each with its line. */
function* valuesOf(text: string): Generator<{ value: unknown; line: number }> {
  let line = 1;
  for (let at = 0; ;) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    const start = SPACE.lastIndex;
    line += linesIn(text, at, start);
    if (start === text.length) return;
    const end = endOfValue(text, start);
    yield { value: parsed(text.slice(start, end), line), line };
    line += linesIn(text, start, end);
    at = end;
  }
}

function linesIn(text: string, start: number, end: number): number {
  return text.slice(start, end).split('\n').length - 1;
}

const SPACE = /\s*/y;
const TOKEN = /["{}[\]]/g;

/** Where the object or list ends that begins here; whether it is valid is the parser's to say. */
function endOfValue(text: string, start: number): number {
  TOKEN.lastIndex = start;
  let depth = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match;
    if (token === '"') TOKEN.lastIndex = endOfString(text, match.index);
    else depth += token === '{' || token === '[' ? 1 : -1;
    if (depth <= 0) return TOKEN.lastIndex;
  }
  return text.length;
}

/** Not by a pattern: it would need a stack as long as the string. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (text[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** @throws Refusal */
function parsed(text: string, line: number): unknown {
  try {
    JSON.parse(text);
    return parseExactJson(text);
  } catch {
    // Without the text, which may have a secret.
    throw notAnObject(line);
  }
}

function notAnObject(line: number): Refusal {
  return new Refusal(`Line ${line}: it must be one JSON object, or a page of them.`);
}
