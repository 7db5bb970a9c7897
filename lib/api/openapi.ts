import * as z from 'zod';
import { problem } from './http/problem-schema.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document, made from the table of routes and the schemas that validate. */
export function openApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postrider',
      version: '1',
      description:
        'Post an event; it is signed and sent to every endpoint that subscribed to it. Platform keys name the tenant in the header `Postrider-Tenant`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths: paths(),
    components: {
      schemas: { Problem: jsonSchema(problem, 'output') },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `prk_…`.' } },
    },
  };
}

function paths(): Record<string, Json> {
  const all: Record<string, Json> = {};
  for (const route of routes) all[route.path] = { ...all[route.path], [route.method.toLowerCase()]: operation(route) };
  return all;
}

function operation(route: Route): Json {
  return {
    operationId: route.id,
    tags: [tagOf(route)],
    summary: route.summary,
    security: route.scope === null ? [] : [{ apiKey: [route.scope] }],
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...parameters(route.headers, 'header'),
      ...(route.scope === null || route.platform ? [] : [tenantHeader]),
    ],
    ...(route.body && {
      requestBody: { required: !route.bodyOptional, content: { 'application/json': content(route.body, 'input') } },
    }),
    responses: {
      [route.status]: {
        description: 'Success.',
        ...(route.response && { content: { 'application/json': content(route.response, 'output') } }),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const tenantHeader = {
  name: 'Postrider-Tenant',
  in: 'header',
  required: false,
  description:
    'Whose data it is about: for platform keys only. 1 to 128 printable characters; `%` and what is not ASCII are percent-encoded as UTF-8 (`müller` is `m%C3%BCller`). The default is `default`.',
  schema: { type: 'string', pattern: '^(?:[\\x20-\\x24\\x26-\\x7e]|%[0-9A-Fa-f]{2})+$' },
};

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

/** A schema's examples stand beside it, where tools look for them. */
function content(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { examples, ...rest } = jsonSchema(schema, io);
  const [example] = Array.isArray(examples) ? examples : [];
  return { schema: rest, ...(example !== undefined && { example }) };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: part }) => {
      // Answers may get new fields; only requests are closed.
      if (io === 'output' && part.additionalProperties === false) delete part.additionalProperties;
    },
  });
  return rest;
}

function tagOf(route: Route): string {
  return route.id.split('.', 1)[0] as string;
}
