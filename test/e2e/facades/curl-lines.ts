import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../api.ts';

export interface CurlAnswer {
  status: number;
  body: Json;
}

/** The `curl` commands of a script beside this file, as they stand there; a backslash continues a line. */
export function curlLines(script: string): string[] {
  const text = readFileSync(join(import.meta.dirname, script), 'utf8').replaceAll('\\\n', ' ');
  return text.split('\n').filter((line) => line.startsWith('curl '));
}

const WORD = /"(?<variable>[^"]*)"|'(?<literal>[^']*)'|(?<bare>\S+)/g;

/** Sends what a `curl` command would: `-X`, `-H` and `-d` are known, and variables in double quotes. */
export async function curl(line: string, variables: Readonly<Record<string, string>>): Promise<CurlAnswer> {
  const words = [...line.matchAll(WORD)].map(({ groups = {} }) => {
    const { variable, literal, bare } = groups;
    return variable?.replaceAll(/\$(\w+)/g, (_, name: string) => valueOf(variables, name)) ?? literal ?? bare ?? '';
  });
  const headers = new Headers();
  let [method, url, body]: [string, string, string | undefined] = ['GET', '', undefined];
  for (const rest = words.slice(1); rest.length > 0;) {
    const word = rest.shift() as string;
    const argument = word.startsWith('-') ? (rest.shift() as string) : word;
    if (word === '-X') method = argument;
    else if (word === '-d') body = argument;
    else if (word === '-H') headers.set(...(argument.split(/: (.*)/).slice(0, 2) as [string, string]));
    else if (word === argument) url = argument;
    else throw new Error(`${word} is not known: ${line}`);
  }
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

function valueOf(variables: Readonly<Record<string, string>>, name: string): string {
  const value = variables[name];
  if (value === undefined) throw new Error(`$${name} is not set`);
  return value;
}

/** The names of an answer's fields with the JSON types of their values, in their order. */
export function typesOf(row: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeOf(value)]));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
