import type * as z from 'zod';
import { notFound } from '../domain/errors.ts';
import type { ApiRequest } from './exchange.ts';
import { InvalidRequest } from './problem.ts';
import { readJsonBody, refuseUnsafe } from './read-body.ts';
import type { Route } from './routes.ts';
import { noFields as noQuery } from './schemas/endpoint.ts';
import { describeIssue, fieldErrors } from './sentences.ts';

/** What a handler gets: each part as its schema gives it, or empty. */
export interface RawInput {
  params: unknown;
  query: unknown;
  headers: unknown;
  body: unknown;
}

/** @throws RequestError 400, 404, 415, 422 with sentences that say what to do */
export function readInput(route: Route, request: ApiRequest): RawInput {
  return {
    params: readParams(route, request),
    query: readQuery(route, request),
    headers: route.headers ? validate(route.headers, request.headers, 400, 'The headers') : {},
    body: route.body ? validate(route.body, readBody(route, request), 422, 'The body') : {},
  };
}

/**
 * One of the parts that a body consists of, as its schema gives it.
 * @throws RequestError 422 with sentences that say what to do
 */
export function readPart<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  refuseUnsafe(value);
  return validate(schema, value, 422, name) as z.output<S>;
}

function readBody({ bodyOptional, bodyParts }: Route, request: ApiRequest): unknown {
  return readJsonBody(request, { optional: bodyOptional ?? false, parts: bodyParts });
}

function readParams(route: Route, request: ApiRequest): unknown {
  if (!route.params) return {};
  const result = route.params.safeParse(request.params);
  if (!result.success) throw notFound(route.resource ?? 'resource');
  return result.data;
}

/** A route without a query ignores none: a misspelt or misplaced parameter is an error everywhere. */
function readQuery(route: Route, request: ApiRequest): unknown {
  const twice = Object.entries(request.query).filter(([, value]) => value.includes(','));
  const hint = (field: string) => (twice.some(([name]) => name === field) ? ' Give it once.' : '');
  const schema = route.query ?? noQuery;
  try {
    return validate(schema, request.query, 400, 'The query');
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    throw new InvalidRequest(
      400,
      error.errors.map(({ field, message }) => ({ field, message: message + hint(field) })),
    );
  }
}

function validate(schema: z.ZodType, value: unknown, status: 400 | 422, root: string): unknown {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  throw new InvalidRequest(status, fieldErrors(result.error.issues, root));
}
