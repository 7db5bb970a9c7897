import type * as z from 'zod';
import { notFound } from '../../domain/errors.ts';
import { TENANT_RULE, invalidTenant } from '../auth/tenant-header.ts';
import type { Route } from '../route.ts';
import { noFields as noQuery } from '../schemas/no-fields.ts';
import { InvalidRequest, type RequestPart } from './invalid-request.ts';
import { readJsonBody, refuseUnsafe } from './read-body.ts';
import type { ApiRequest } from './request-response.ts';
import { describeIssue, fieldErrors, fieldSentence } from './validation-messages.ts';

/** What a handler gets: each part as its schema gives it, or empty. */
export interface RawInput {
  params: unknown;
  query: unknown;
  headers: unknown;
  body: unknown;
}

/**
 * @throws RequestError `not-found` for an id that no resource can have, `invalid-request` with a sentence for each field,
 * and what {@link readJsonBody} throws
 */
export function readInput(route: Route, request: ApiRequest): RawInput {
  return {
    params: readParams(route, request),
    query: readQuery(route, request),
    headers: route.headers ? validate(route.headers, request.headers, 'headers', 'The headers') : {},
    body: route.body ? validate(route.body, readBody(route, request), 'body', 'The body') : {},
  };
}

/**
 * One of the parts that a body consists of, as its schema gives it.
 * @throws RequestError `too-deep`, `invalid-request` with a sentence for each field
 */
export function readPart<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  refuseUnsafe(value);
  return validate(schema, value, 'body', name) as z.output<S>;
}

function readBody({ bodyOptional, bodyParts }: Route, request: ApiRequest): unknown {
  return readJsonBody(request, { optional: bodyOptional ?? false, parts: bodyParts });
}

function readParams(route: Route, request: ApiRequest): unknown {
  if (!route.params) return {};
  const result = route.params.safeParse(request.params);
  if (result.success) return result.data;
  refuseTenant(result.error.issues);
  throw notFound(route.resource ?? 'resource');
}

/**
 * A route without a query ignores none: a misspelt or misplaced parameter is an error everywhere, and so is a repeated
 * one.
 */
function readQuery(route: Route, request: ApiRequest): unknown {
  const { query, repeated = [] } = request;
  if (repeated.length > 0) {
    const errors = repeated.map((name) => fieldSentence([name], 'is given more than once: give it once', 'The query'));
    throw new InvalidRequest('query', errors);
  }
  return validate(route.query ?? noQuery, query, 'query', 'The query');
}

function validate(schema: z.ZodType, value: unknown, part: RequestPart, root: string): unknown {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  refuseTenant(result.error.issues);
  throw new InvalidRequest(part, fieldErrors(result.error.issues, root));
}

/** A tenant's id is refused in the same way wherever it stands. @throws RequestError `invalid-tenant` */
function refuseTenant(issues: readonly z.core.$ZodIssue[]): void {
  const issue = issues.find(({ message }) => message === TENANT_RULE);
  if (issue) throw invalidTenant(`\`${issue.path.join('.')}\` ${TENANT_RULE}.`);
}
