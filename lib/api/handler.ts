import type * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import type { ApiSettings } from './api-settings.ts';
import type { Caller } from './auth/authorize.ts';
import type { Problem } from './http/problem-schema.ts';
import type { Route, RouteLambda } from './route.ts';

export type PortName = keyof Ports;

/** What a handler is given: of the ports, the few that it names. */
export interface HandlerContext<in Used extends PortName> {
  ports: Pick<Ports, Used>;
  settings: ApiSettings;
  /** Whose data the call is about; `default` for public routes, which read none. */
  tenantId: string;
  /** Who calls; for public routes nobody, who may do nothing. */
  caller: Caller;
  /** Adds headers to the answer, whatever becomes of the call. */
  setHeaders(headers: Readonly<Record<string, string>>): void;
  /** What the call has begun has ended: the answer has the route's `endedStatus`. */
  noteEnded(): void;
  /** What went wrong with a part of the request, as a problem: the rest goes on. Writes one line into the log. */
  explain(error: unknown): Problem;
}

type Parsed<R, Part extends string> = R extends Record<Part, infer S extends z.ZodType> ? z.output<S> : unknown;

interface InputOf<R extends Route> {
  params: Parsed<R, 'params'>;
  query: Parsed<R, 'query'>;
  headers: Parsed<R, 'headers'>;
  body: Parsed<R, 'body'>;
}

type OutputOf<R extends Route> = R extends { response: infer S extends z.ZodType } ? z.output<S> : void;

/** Serves one route: validated input in, the answer's JSON value out. Throws RequestError for what the caller must change. */
type Handler<R extends Route, Used extends PortName> = (
  input: InputOf<R>,
  context: HandlerContext<Used>,
) => Promise<OutputOf<R>>;

/** A handler for each route of a resource that one function serves, by the route's id. */
export type HandlersOf<
  Routes extends Readonly<Record<string, Route>>,
  Lambda extends RouteLambda,
  Used extends PortName = never,
> = {
  readonly [R in Extract<Routes[keyof Routes], { lambda: Lambda }> as R['id']]: Handler<R, Used>;
};

/** The handlers of any routes, by their ids; together they use these ports. */
export type HandlerTable<Used extends PortName> = Readonly<
  Record<string, (input: never, context: HandlerContext<Used>) => Promise<unknown>>
>;
