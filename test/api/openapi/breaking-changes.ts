import { type Json, type Versions, schemaChanges } from './schema-changes.ts';

interface Operation extends Json {
  operationId: string;
  parameters: Json[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { content?: Content; headers?: Json }>;
}
type Content = Record<string, { schema: Json }>;

/**
 * What breaks a client of `before` that talks to `after`, one sentence each: an operation, a parameter, a field, an enum
 * value or a name that is gone; a type that is another; new required input. New operations, optional input, fields of
 * answers and enum values are no such change: a client must ignore what it does not know.
 */
export function breakingChanges(before: Json, after: Json): string[] {
  const versions: Versions = { before, after };
  const [old, now] = [operationsOf(before), operationsOf(after)];
  const ofOperations = [...old].flatMap(([place, operation]) => {
    const same = now.get(place);
    return same ? operationChanges(versions, operation, same, place) : [`${place}: the operation was removed`];
  });
  const names = Object.keys((after['components'] as { schemas: Json }).schemas);
  const gone = Object.keys((before['components'] as { schemas: Json }).schemas).filter((name) => !names.includes(name));
  return [...new Set([...ofOperations, ...gone.map((name) => `${name}: the schema was removed or renamed`)])];
}

function operationsOf(document: Json): Map<string, Operation> {
  const paths = Object.entries(document['paths'] as Record<string, Record<string, Operation>>);
  return new Map(
    paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
}

function operationChanges(versions: Versions, old: Operation, now: Operation, place: string): string[] {
  return [
    ...(old.operationId === now.operationId ? [] : [`${place}: the operation was named ${old.operationId}`]),
    ...parameterChanges(versions, old, now, place),
    ...bodyChanges(versions, old, now, place),
    ...answerChanges(versions, old, now, place),
  ];
}

function parameterChanges(versions: Versions, old: Operation, now: Operation, place: string): string[] {
  const before = parametersOf(versions.before, old);
  const after = parametersOf(versions.after, now);
  const kept = [...before].flatMap(([name, parameter]) => {
    const same = after.get(name);
    if (!same) return [`${place} ${name}: the parameter was removed`];
    const schemas = [parameter['schema'] as Json, same['schema'] as Json] as const;
    return schemaChanges(versions, ...schemas, 'input', `${place} ${name}`);
  });
  const required = [...after].filter(([name, { required }]) => required && !before.get(name)?.['required']);
  return [...kept, ...required.map(([name]) => `${place} ${name}: the parameter is required now`)];
}

function parametersOf(document: Json, { parameters }: Operation): Map<string, Json> {
  const { parameters: shared } = document['components'] as { parameters: Record<string, Json> };
  const written = parameters.map((one) => {
    const name = typeof one['$ref'] === 'string' ? one['$ref'].split('/').at(-1) : undefined;
    return name === undefined ? one : (shared[name] as Json);
  });
  return new Map(written.map((one) => [`${String(one['in'])} ${String(one['name'])}`, one]));
}

function bodyChanges(versions: Versions, old: Operation, now: Operation, place: string): string[] {
  const [before, after] = [old.requestBody, now.requestBody];
  if (after?.required && !before?.required) return [`${place}: the body is required now`];
  if (!before) return [];
  if (!after) return [`${place}: the body was removed`];
  return contentChanges(versions, before.content, after.content, 'input', `${place} body`);
}

function answerChanges(versions: Versions, old: Operation, now: Operation, place: string): string[] {
  return Object.entries(old.responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, before]) => {
      const after = now.responses[status];
      if (!after) return [`${place} ${status}: the answer was removed`];
      const headers = Object.keys(before.headers ?? {}).filter((name) => !Object.hasOwn(after.headers ?? {}, name));
      return [
        ...contentChanges(versions, before.content ?? {}, after.content ?? {}, 'output', `${place} ${status}`),
        ...headers.map((name) => `${place} ${status}: the header ${name} was removed`),
      ];
    });
}

function contentChanges(
  versions: Versions,
  before: Content,
  after: Content,
  way: 'input' | 'output',
  place: string,
): string[] {
  return Object.entries(before).flatMap(([type, { schema }]) => {
    const same = after[type];
    return same ? schemaChanges(versions, schema, same.schema, way, place) : [`${place}: ${type} was removed`];
  });
}
