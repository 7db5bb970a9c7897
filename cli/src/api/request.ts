import { segment } from '../../../sdk/src/transport.ts';
import type { Call } from '../../../sdk/src/transport.ts';
import { Refusal } from '../errors/refusal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Field, type Operation, pathParameters } from './operation.ts';
import { jsonOf, jsonText, optionName, queryOf } from './values.ts';

/** What was typed: by the names of fields. */
export type Given = Readonly<Record<string, unknown>>;

/** The request that a command line means. */
export async function requestOf(
  operation: Operation,
  ids: readonly string[],
  given: Given,
  terminal: Terminal,
): Promise<Call> {
  const { method, path, keyed } = operation;
  const parameters = pathParameters(path);
  const filled = parameters.reduce((at, name, index) => at.replace(`{${name}}`, segment(ids[index] ?? '')), path);
  const query = Object.fromEntries(
    namesGiven(operation.query, given).map((field) => [field.name, queryOf(field, given[field.name], terminal.now())]),
  );
  const body = await bodyOf(operation, given, terminal);
  return { method, path: filled, query, ...(body !== undefined && { body }), ...(keyed && { keyed }) };
}

/** The body as JSON text, so that what was typed arrives as it was typed. */
async function bodyOf({ body }: Operation, given: Given, terminal: Terminal): Promise<string | undefined> {
  if (!body) return undefined;
  const fields = namesGiven(body.fields, given);
  const [first] = fields;
  if (given['body'] !== undefined) {
    if (first) throw new Refusal(`--body is the whole body: leave off --${optionName(first.name)}, or --body.`);
    return jsonText('body', String(given['body']), terminal);
  }
  const parts: string[] = [];
  for (const field of fields)
    parts.push(`${JSON.stringify(field.name)}:${await jsonOf(field, given[field.name], terminal)}`);
  return parts.length > 0 || body.required ? `{${parts.join(',')}}` : undefined;
}

function namesGiven(fields: readonly Field[], given: Given): Field[] {
  return fields.filter(({ name }) => given[name] !== undefined);
}
