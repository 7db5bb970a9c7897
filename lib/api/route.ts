import type * as z from 'zod';
import type { ErrorCode } from '../domain/errors.ts';
import type { RouteScope } from './auth/scopes.ts';
import type { Facade } from './facades/facades.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The functions that serve routes, by their names in `lambdas/`. */
export type RouteLambda = 'endpoints' | 'poll' | 'ingest' | 'history' | 'account';

export interface Route {
  /** Resource and call: `endpoints.create`. */
  id: string;
  /** Its name in generated clients: `createEndpoint`. */
  operationId: string;
  method: Method;
  /** With `{name}` for a parameter, as API Gateway and OpenAPI write it. */
  path: string;
  /** The function that serves it. */
  lambda: RouteLambda;
  /** What a key must be allowed; null: public, no key is read. */
  scope: RouteScope | null;
  /** Only for keys that are bound to no tenant. */
  platform?: true;
  /** About what the key's owner has, be it a tenant or the platform. */
  ofKey?: true;
  /**
   * Asks for a code where the key's owner has a second factor, or the deployment requires one; `always`: of everyone.
   * Refusals are audited.
   */
  secondFactor?: true | 'always';
  /** Of another platform's management API: there only in deployments that have switched it on. */
  facade?: Facade;
  /** About the person whom the body names: their `user` is what its line in the audit log is about. */
  ofUser?: true;
  /** A change that leaves no line in the audit log. Without this, every route that is no `GET` does. */
  unaudited?: true;
  summary: string;
  /** What an unknown `{id}` is called in the answer. */
  resource?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  /** Request headers that mean something here, by lower-case name. */
  headers?: z.ZodType;
  body?: z.ZodType;
  /** No body is the same as `{}`. */
  bodyOptional?: true;
  /** A batch: the field whose entries the handler reads one by one. A bad one does not spoil the others. */
  bodyParts?: string;
  /** Where what was made is found: the header `Location`, with the answer's `{id}`. */
  location?: `/v1/${string}/{id}`;
  /** The answer has a `generation`, which is its `ETag`. */
  etag?: true;
  /** What is left of a quota is in the headers `RateLimit` and `RateLimit-Policy`. */
  rateLimited?: true;
  /** An answer without anything says in `Retry-After` when to ask again. */
  retriedLater?: true;
  /** A call may wait for what happens: it takes no turn among the reads of its tenant, which would wait with it. */
  waits?: true;
  /** Its successful answer is the same for every call, and is written as text once. */
  constant?: true;
  /** Absent: the answer has no body. */
  response?: z.ZodType;
  /** What it refuses for its own reasons, besides what follows from the key, the parameters and the body. */
  refuses?: readonly ErrorCode[];
  /** Of success. */
  status: 200 | 201 | 202 | 204;
  /** Of success, when what was begun has ended before the answer: the handler says so. */
  endedStatus?: 200;
}
