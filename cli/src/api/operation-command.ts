import { type Command, Option } from 'commander';
import { type Context, type ContextFor, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { columnsOf } from '../output/columns.ts';
import { writeOne, writeRows } from '../output/write.ts';
import { type Field, type Operation, pathParameters } from './operation.ts';
import { perform, rowsOf } from './perform.ts';
import { type Given, requestOf } from './request.ts';
import { collected, optionName } from './values.ts';

/** How many rows a list shows where nothing else is said. */
const DEFAULT_ROWS = 50;

/** Adds the command of an operation to that of its group. @param isOnly its name may be left off */
export function addOperation(group: Command, operation: Operation, contextFor: ContextFor, isOnly: boolean): void {
  const { path, name, summary, query, body } = operation;
  const command = group.command(name, { isDefault: isOnly }).description(summary);
  for (const parameter of pathParameters(path)) command.argument(`<${parameter}>`);
  for (const field of query) if (!isOfPages(operation, field)) command.addOption(optionOf(field));
  for (const field of body?.fields ?? []) command.addOption(optionOf(field));
  if (body) command.option('--body <json>', 'the whole body, as JSON, @file or - for stdin, instead of its fields');
  addCallOptions(command, operation);
  command.action(async (...args: unknown[]) => {
    const ids = args.slice(0, pathParameters(path).length) as string[];
    await act(contextFor(command), operation, ids, command.opts());
  });
}

/** Options that the headers of the call have. */
function addCallOptions(command: Command, { pages, keyed, conditional, secondFactor }: Operation): void {
  if (pages) {
    command.option('--limit <rows>', 'how many rows at most', String(DEFAULT_ROWS));
    command.option('--all', 'all rows');
  }
  if (keyed) command.option('--idempotency-key <key>', 'the same key within 24 hours is the same call');
  if (conditional) command.option('--if-match <etag>', 'only if the endpoint is still as its ETag says');
  if (secondFactor) command.option('--mfa-code <code>', 'a code of the second factor, or a recovery code');
}

/** The command pages by itself. */
function isOfPages({ pages }: Operation, { name }: Field): boolean {
  return pages !== undefined && (name === 'cursor' || name === 'limit');
}

function optionOf({ name, kind, about, required, choices }: Field): Option {
  const value = { text: 'text', number: 'number', texts: 'list', time: 'time', json: 'json', boolean: '' }[kind];
  const flag = `--${optionName(name)} ${kind === 'boolean' ? '[boolean]' : `<${value}>`}`;
  const isKnown = about.trim() !== '';
  const option = new Option(flag, `${isKnown ? about : name}${required ? ' Needed.' : ''}`);
  if (choices && choices.length <= MOST_CHOICES) option.choices(choices);
  return kind === 'texts' ? option.argParser(collected) : option;
}

/** A longer list makes help unreadable; the API names what it takes. */
const MOST_CHOICES = 12;

async function act(context: Context, operation: Operation, ids: readonly string[], options: Given): Promise<void> {
  const given = byFieldName(options, operation);
  const call = await requestOf(operation, ids, given, context.terminal);
  if (operation.rows !== undefined && operation.method === 'GET') {
    const rows = rowsOf(context, operation, call, mostOf(options));
    return writeRows(context, rows, columnsOf(operation.rows), 'Nothing there.');
  }
  const text = (name: string) => options[name] as string | undefined;
  const answer = await perform<{ data: object[] } | undefined>(context, operation, call, {
    idempotencyKey: text('idempotencyKey'),
    ifMatch: text('ifMatch'),
    mfaCode: text('mfaCode'),
  });
  if (answer === undefined) return note(context, 'Done.');
  return operation.rows === undefined
    ? writeOne(context, answer)
    : writeRows(context, answer.data, columnsOf(operation.rows), 'Nothing there.');
}

function mostOf({ all, limit }: Given): number {
  if (all) return Number.POSITIVE_INFINITY;
  const most = Number(limit ?? Number.POSITIVE_INFINITY);
  if (most > 0) return most;
  throw new Refusal('--limit must be a number of rows, 1 or more.');
}

/** commander gives `eventType` for `--event-type`, the field `event_type`. */
function byFieldName(options: Given, operation: Operation): Given {
  const fields = [
    ...operation.query.filter((field) => !isOfPages(operation, field)),
    ...(operation.body?.fields ?? []),
  ];
  const names = [...fields.map(({ name }) => name), 'body'];
  const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(names.map((name) => [name, options[camel(name)]]));
}
