import { readFileSync } from 'node:fs';
import { parseExactJson } from '../../lib/domain/exact-json.ts';
import { Refusal } from '../refusal.ts';

export type Row = Record<string, unknown>;

/**
 * The whole file is read before anything is done with it.
 * @param read of a line and its number; throws Refusal
 * @throws Refusal
 */
export function readLines<Entry>(file: string, read: (line: string, number: number) => Entry): Entry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Refusal(`${file} can’t be read: check the path.`, { cause });
  }
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  return lines.filter(({ line }) => line.trim() !== '').map(({ line, number }) => read(line, number));
}

/** @throws Refusal */
export function readRow(text: string, line: number): Row {
  try {
    JSON.parse(text);
    const row = parseExactJson(text);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
  } catch {
    // Told below, without the text, which may have a secret.
  }
  throw new Refusal(`Line ${line}: it must be one JSON object.`);
}
