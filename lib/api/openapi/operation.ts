import { STATUS_CODES } from 'node:http';
import type * as z from 'zod';
import { keyHeaderOf } from '../facades/key-headers.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Route } from '../route.ts';
import { noFields } from '../schemas/no-fields.ts';
import type { Direction, Json, SchemaWriter } from './json-schema.ts';
import { refusalsOf } from './refusals.ts';

/** A route as an operation of the document; its schemas become components. */
export function operation(route: Route, schemas: SchemaWriter): Json {
  return {
    operationId: route.operationId,
    tags: [tagOf(route)],
    summary: route.summary,
    security: route.scope === null ? [] : [{ [securityScheme(keyHeaderOf(route.path))]: [route.scope] }],
    parameters: [
      ...parameters(route.params, 'path', schemas),
      ...parameters(route.query, 'query', schemas),
      ...parameters(route.headers, 'header', schemas),
      ...(isOfTenant(route) ? [{ $ref: '#/components/parameters/Tenant' }] : []),
      ...(route.secondFactor ? [{ $ref: '#/components/parameters/SecondFactor' }] : []),
    ],
    ...requestBody(route, schemas),
    responses: { ...success(route, schemas), ...refusals(route), default: { $ref: '#/components/responses/Failure' } },
  };
}

/** What the platform sets is about no single tenant's data, and what a key's owner has is no other tenant's. */
function isOfTenant({ scope, platform, ofKey }: Route): boolean {
  return scope !== null && !platform && !ofKey;
}

/** @param keyHeader of a route whose key is in a header of its own */
export function securityScheme(keyHeader: string | undefined): string {
  return keyHeader === undefined ? 'apiKey' : keyHeader.replaceAll(/-[a-z]/g, (part) => part.slice(1).toUpperCase());
}

export function tagOf({ id }: Route): string {
  return id.split('.', 1)[0] as string;
}

/** A body without fields may be left off, and so is not described. */
function requestBody({ body, bodyOptional }: Route, schemas: SchemaWriter): Json {
  if (!body || body === noFields) return {};
  return {
    requestBody: { required: !bodyOptional, content: { 'application/json': content(body, 'input', schemas) } },
  };
}

function success(route: Route, schemas: SchemaWriter): Json {
  const { status, endedStatus, response } = route;
  const statuses = [status, ...(endedStatus === undefined ? [] : [endedStatus])];
  const answer = {
    headers: headers([
      'X-Request-Id',
      ...(route.location ? ['Location'] : []),
      ...(route.etag ? ['ETag'] : []),
      ...(route.retriedLater ? ['Retry-After'] : []),
      ...ofQuota(route),
    ]),
    ...(response && { content: { 'application/json': content(response, 'output', schemas) } }),
  };
  return Object.fromEntries(statuses.map((one) => [one, { description: STATUS_CODES[one], ...answer }]));
}

function refusals(route: Route): Json {
  return Object.fromEntries(
    [...refusalsOf(route)].map(([status, codes]) => [
      status,
      {
        headers: headers(['X-Request-Id', ...retryHeaders(route, status, codes)]),
        description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function retryHeaders(route: Route, status: number, codes: readonly ErrorCode[]): string[] {
  if (status === 429) return ['Retry-After', ...ofQuota(route)];
  return codes.includes('changed-meanwhile') ? ['Retry-After'] : [];
}

function ofQuota({ rateLimited }: Route): string[] {
  return rateLimited ? ['RateLimit', 'RateLimit-Policy'] : [];
}

function headers(names: string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header', schemas: SchemaWriter): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.write(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name: place === 'header' ? capitalized(name) : name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

/** `idempotency-key` as `Idempotency-Key`. */
function capitalized(header: string): string {
  return header.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** The example of a body stands beside its schema too, where tools look for it. */
function content(schema: z.ZodType, direction: Direction, schemas: SchemaWriter): Json {
  const [example] = (schema.meta()?.['examples'] ?? []) as unknown[];
  return { schema: schemas.write(schema, direction), ...(example !== undefined && { example }) };
}
