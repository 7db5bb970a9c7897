import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal } from '../errors/refusal.ts';
import { type Terminal, readInput } from '../terminal/terminal.ts';
import type { Field } from './operation.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time as the API takes it. @param text a time of ISO 8601, or how long ago: `24h` @throws Refusal for another */
export function timeOf(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * (UNIT_MS[unit] as number)).toISOString();
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Refusal(`"${text}" is no time: give one as 2026-02-06T12:00:00Z, or how long ago (90s, 30m, 24h, 7d).`);
  }
  return new Date(time).toISOString();
}

/** Of an option that can be repeated, and whose values commas separate. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map((one) => one.trim())].filter((one) => one !== '');
}

/** What was typed for a field, as the JSON text that is sent: numbers keep all their digits. */
export async function jsonOf(field: Field, value: unknown, terminal: Terminal): Promise<string> {
  if (field.nullable && value === 'null') return 'null';
  if (field.kind === 'texts') return JSON.stringify(value);
  if (field.kind === 'boolean') return String(booleanOf(field, value));
  const text = String(value);
  if (field.kind === 'number') return numberOf(field, text);
  if (field.kind === 'time') return JSON.stringify(queryOf(field, text, terminal.now()));
  return field.kind === 'json' ? await jsonText(field.name, text, terminal) : JSON.stringify(text);
}

/** What was typed for a field of a query. */
export function queryOf(field: Field, value: unknown, now: number): string {
  if (field.kind === 'boolean') return String(booleanOf(field, value));
  const text = String(value);
  if (field.kind === 'number') return numberOf(field, text);
  return field.kind === 'time' ? timeOf(text, now) : text;
}

/** An option that is given without a value is true. */
function booleanOf({ name }: Field, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === 'false') return false;
  throw new Refusal(`--${optionName(name)} must be true or false.`);
}

function numberOf({ name }: Field, text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  throw new Refusal(`--${optionName(name)} must be a number.`);
}

/** JSON as it was typed, or that of a file (`@event.json`) or of stdin (`-`). @param name of the field that it is for */
export async function jsonText(name: string, text: string, terminal: Terminal): Promise<string> {
  const option = `--${optionName(name)}`;
  const json = (await textOf(option, text, terminal)).trim();
  try {
    JSON.parse(json);
    return json;
  } catch (error) {
    const what = text === '-' || text.startsWith('@') ? `${text} must be` : 'must be JSON, @file or - with';
    throw new Refusal(`${option}: ${what} JSON: ${(error as Error).message}`);
  }
}

async function textOf(option: string, text: string, terminal: Terminal): Promise<string> {
  if (text === '-' || text === '@-') return (await readInput(terminal)).toString('utf8');
  return text.startsWith('@') ? readFile(option, text.slice(1), terminal).toString('utf8') : text;
}

/** @throws Refusal for one that can't be read */
export function readFile(what: string, path: string, { folder }: Terminal): Buffer {
  try {
    return readFileSync(resolve(folder, path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Refusal(`${what}: ${code === 'ENOENT' ? `there is no file ${path}` : message}.`);
  }
}

/** `event_type` is `--event-type`. */
export function optionName(field: string): string {
  return field.replaceAll('_', '-');
}
