import { describe, expect, it } from 'vitest';
import { openApi } from '../../../lib/api/openapi/document.ts';

type Json = Record<string, unknown>;

const document = openApi() as unknown as {
  paths: Record<string, Record<string, Json & { operationId: string; parameters: Json[]; responses: Json }>>;
  components: { schemas: Record<string, Json> };
};
const components = Object.entries(document.components.schemas);
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

/** Every schema below a value, with the path to it. */
function* schemasIn(value: unknown, path: string): Generator<{ path: string; schema: Json }> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* schemasIn(entry, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    yield { path, schema: value as Json };
    for (const [name, member] of Object.entries(value)) {
      if (name !== 'example' && name !== 'examples') yield* schemasIn(member, `${path}.${name}`);
    }
  }
}

function resolved(schema: Json): Json {
  const name = /^#\/components\/schemas\/(\w+)$/.exec(String(schema['$ref']))?.[1];
  return name === undefined ? schema : { ...document.components.schemas[name], ...schema };
}

/** Every field of every body, and every parameter. */
function fields(): { path: string; field: Json }[] {
  const ofBodies = components.flatMap(([name, schema]) =>
    Object.entries((schema['properties'] ?? {}) as Record<string, Json>).map(([field, of]) => ({
      path: `${name}.${field}`,
      field: resolved(of),
    })),
  );
  const ofRequests = operations.flatMap(({ operationId, parameters }) =>
    parameters.filter(isWritten).map((parameter) => ({
      path: `${operationId} ${String(parameter['name'])}`,
      field: { ...resolved(parameter['schema'] as Json), ...parameter },
    })),
  );
  return [...ofBodies, ...ofRequests];
}

describe('names for generated clients', () => {
  it('names each object and each enum: none is anonymous', () => {
    const roots = new Set(components.map(([name]) => `$.components.schemas.${name}`));
    const anonymous = [...schemasIn(document, '$')].filter(
      ({ path, schema }) => !roots.has(path) && (Array.isArray(schema['enum']) || isObjectSchema(schema)),
    );
    expect(anonymous.map(({ path }) => path)).toEqual([]);
  });

  it('names a schema in PascalCase', () => {
    expect(components.map(([name]) => name).filter((name) => !/^([A-Z][a-z0-9]+)+$/.test(name))).toEqual([]);
    expect(components.length).toBeGreaterThan(30);
  });

  it('names an operation by a verb and what it is about, in camelCase', () => {
    const odd = operations.map(({ operationId }) => operationId).filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id));
    expect(odd).toEqual([]);
  });

  it('uses each component', () => {
    const used = JSON.stringify(document);
    expect(components.map(([name]) => name).filter((name) => !used.includes(`schemas/${name}"`))).toEqual([]);
  });
});

describe('what a reader of the reference finds', () => {
  it('a description of each schema, field and parameter', () => {
    const bare = fields().filter(({ field }) => typeof field['description'] !== 'string');
    expect(bare.map(({ path }) => path)).toEqual([]);
    expect(components.filter(([, schema]) => !schema['description']).map(([name]) => name)).toEqual([]);
  });

  it('an example of each field and parameter that is not an enum or a boolean', () => {
    const bare = fields().filter(({ field }) => !hasExample(field));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('an example of each body', () => {
    const bodies = [...schemasIn(document.paths, '$')].filter(({ path }) => path.endsWith('application/json'));
    expect(bodies.length).toBeGreaterThan(30);
    expect(bodies.filter(({ schema }) => schema['example'] === undefined).map(({ path }) => path)).toEqual([]);
  });

  it('no bound that only says what a double can hold, and no pattern beside a format', () => {
    expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
    const doubled = [...schemasIn(document, '$')].filter(({ schema }) => schema['format'] && schema['pattern']);
    expect(doubled.map(({ path }) => path)).toEqual([]);
  });
});

describe('the refusals', () => {
  it('each of a route is listed by its status, with its codes', () => {
    const keyed = operations.filter(({ security }) => (security as unknown[]).length > 0);
    for (const { operationId, responses } of keyed) {
      expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['401', '403']));
    }
    const post = operations.find(({ operationId }) => operationId === 'postEvent');
    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining(['202', '400', '401', '403', '409', '413', '415', '422', '429', 'default']),
    );
    expect(JSON.stringify(post?.responses['409'])).toContain('idempotency-conflict');
  });

  it('a tenant header where it has a meaning: not on what is about the deployment', () => {
    const withHeader = (id: string) =>
      operations
        .find(({ operationId }) => operationId === id)
        ?.parameters.some(({ $ref }) => $ref === '#/components/parameters/Tenant');
    expect(withHeader('listEvents')).toBe(true);
    expect(withHeader('setBrake')).toBe(false);
    expect(withHeader('getTenant')).toBe(false);
    expect(withHeader('getHealth')).toBe(false);
  });
});

/** Not a reference to the one parameter that all share. */
function isWritten(parameter: Json): boolean {
  return parameter['$ref'] === undefined;
}

function isObjectSchema(schema: Json): boolean {
  return schema['type'] === 'object' && typeof schema['properties'] === 'object';
}

function hasExample(field: Json): boolean {
  const choices = field['enum'] ?? field['const'] ?? (field['type'] === 'boolean' ? true : undefined);
  return choices !== undefined || Array.isArray(field['examples']) || field['example'] !== undefined;
}
