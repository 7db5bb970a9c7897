import { format, resolveConfig } from 'prettier';
import type { Field, Group, Operation } from '../../../cli/src/api/operation.ts';
import { WITHOUT_COMMANDS, commandName, groupOf } from './names.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  maximum?: number;
  enum?: readonly (string | boolean | null)[];
  anyOf?: Schema[];
  items?: Schema;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Described {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Described>>;
  tags: { name: string; description: string }[];
  components: { schemas: Record<string, Schema> };
}

export const FILE = 'cli/src/api/operations.ts';
const BANNER = `// Written by \`npm run openapi\` from docs/openapi.json: don't edit it.`;

/** The text of the table of operations, from which the command line makes its commands. */
export async function operationsFile(document: OpenApi): Promise<string> {
  const text = `${BANNER}

    import type { Group, Operation } from './operation.ts';

    export const GROUPS: readonly Group[] = ${JSON.stringify(groups(document))};

    export const OPERATIONS: readonly Operation[] = ${JSON.stringify(operations(document))};`;
  return format(text, { ...(await resolveConfig(FILE)), filepath: FILE });
}

function groups({ tags }: OpenApi): Group[] {
  const own = tags.filter(({ name }) => !(name in WITHOUT_COMMANDS));
  return own.map(({ name, description }) => ({ name: groupOf(name), about: description }));
}

export function operations(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => !tags.some((tag) => tag in WITHOUT_COMMANDS))
      .map(([method, described]) => operation(document, method.toUpperCase() as Operation['method'], path, described)),
  );
}

function operation(document: OpenApi, method: Operation['method'], path: string, described: Described): Operation {
  const { operationId, tags, summary, parameters = [] } = described;
  const tag = tags[0] ?? '';
  const takes = (ending: string) => parameters.some(({ $ref, name }) => ($ref ?? name).endsWith(ending));
  const inQuery = parameters.filter((one) => one.in === 'query');
  const isPaged = inQuery.some(({ name }) => name === 'cursor');
  const largestPage = isPaged ? inQuery.find(({ name }) => name === 'limit')?.schema.maximum : undefined;
  const body = bodyOf(document, described);
  const rows = rowsOf(document, described);
  return {
    id: operationId,
    method,
    path,
    group: groupOf(tag),
    name: commandName({ operationId, path, tag }),
    summary,
    query: inQuery.map(({ name, schema, description, required }) =>
      field(document, name, { ...schema, ...(description !== undefined && { description }) }, required === true),
    ),
    ...(body && { body }),
    ...(rows !== undefined && { rows }),
    ...(rows !== undefined && largestPage !== undefined && { pages: largestPage }),
    ...(takes('/Tenant') && { ofTenant: true }),
    ...(takes('Idempotency-Key') && { keyed: true }),
    ...(takes('If-Match') && { conditional: true }),
    ...(takes('/SecondFactor') && { secondFactor: true }),
  };
}

function bodyOf(document: OpenApi, { requestBody }: Described): Operation['body'] {
  if (!requestBody) return undefined;
  const { properties = {}, required = [] } = resolved(document, Object.values(requestBody.content)[0]?.schema ?? {});
  const fields = Object.entries(properties).map(([name, schema]) =>
    field(document, name, schema, required.includes(name)),
  );
  return { required: requestBody.required === true, fields };
}

/** The name of the schema of a list's rows; undefined where the answer is no list. */
function rowsOf(document: OpenApi, { responses }: Described): string | undefined {
  const schema = resolved(document, responses['200']?.content?.['application/json']?.schema ?? {});
  const { data, next_cursor: next, ...beside } = schema.properties ?? {};
  // What has totals beside its rows is no list, but for one that has pages.
  const isList = next !== undefined || Object.keys(beside).length === 0;
  return isList ? data?.items?.$ref?.split('/').at(-1) : undefined;
}

function field(document: OpenApi, name: string, schema: Schema, required: boolean): Field {
  const { description, ...whole } = resolved(document, schema);
  const choices = choicesOf(document, whole);
  return {
    name,
    kind: kindOf(document, whole),
    about: description ?? '',
    ...(required && { required: true }),
    ...(isNullable(whole) && { nullable: true }),
    ...(choices && { choices }),
  };
}

/** What a reference names, with what is said beside it. */
function resolved({ components }: OpenApi, { $ref, ...beside }: Schema): Schema {
  return { ...($ref !== undefined && components.schemas[$ref.split('/').at(-1) ?? '']), ...beside };
}

function isNullable({ type, anyOf }: Schema): boolean {
  return type?.includes('null') === true || anyOf?.some((one) => one.type === 'null') === true;
}

/** A schema that may be null is read as what else it may be: `null` removes it. */
function kindOf(document: OpenApi, schema: Schema): Field['kind'] {
  const { type, format, enum: values, anyOf, items } = schema;
  const other = anyOf?.filter((one) => one.type !== 'null') ?? [];
  if (other.length === 1) return kindOf(document, resolved(document, other[0] as Schema));
  if (String(values) === 'true,false' || type === 'boolean') return 'boolean';
  if (type === 'string') return format === 'date-time' ? 'time' : 'text';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' && resolved(document, items ?? {}).type === 'string') return 'texts';
  return 'json';
}

function choicesOf(document: OpenApi, { enum: values, anyOf }: Schema): readonly string[] | undefined {
  const other = anyOf?.filter((one) => one.type !== 'null') ?? [];
  if (other.length === 1) return choicesOf(document, resolved(document, other[0] as Schema));
  const texts = values?.filter((value) => typeof value === 'string' && value !== 'true' && value !== 'false');
  return texts?.length ? (texts as string[]) : undefined;
}
