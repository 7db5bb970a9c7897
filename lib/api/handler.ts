import type * as z from 'zod';
import type { Ingest } from '../pipeline/ingest/ingest.ts';
import { DEFAULT_SETTINGS } from '../pipeline/settings.ts';
import type { Ports } from '../ports/ports.ts';
import type { ManualRouteId } from './manual-routes.ts';
import type { RouteId, routeTable } from './routes.ts';
import type { Problem } from './schemas/problem.ts';

/** What a deployment decides for the API. */
export interface ApiSettings {
  /** May endpoints have `http:` URLs? Local mode only. */
  allowHttp: boolean;
  /** May endpoints lie on this machine? Local mode only. */
  allowLoopback: boolean;
  /** Of endpoints that name none. */
  defaultDialect: string;
  /** Bytes: of a request, and of an event in a batch. */
  maxBodyBytes: number;
  /** Bytes: of a batch. */
  maxBatchBytes: number;
  /** How many endpoints a tenant may have. */
  maxEndpoints: number;
}

export const DEFAULT_API_SETTINGS: ApiSettings = {
  allowHttp: false,
  allowLoopback: false,
  defaultDialect: 'standard',
  maxBodyBytes: 262_144,
  maxBatchBytes: 1_048_576,
  maxEndpoints: DEFAULT_SETTINGS.maxEndpoints,
};

export interface ApiDeps {
  ports: Ports;
  ingest: Ingest;
  settings: ApiSettings;
}

/** What every handler is given. */
export interface HandlerContext extends ApiDeps {
  /** What went wrong with a part of the request, as a problem: the rest goes on. Writes one line into the log. */
  explain(error: unknown): Problem;
  /** Whose data the call is about; `default` for public routes, which read none. */
  tenantId: string;
}

type Parsed<R, Part extends string> = R extends Record<Part, infer S extends z.ZodType> ? z.output<S> : unknown;

interface InputOf<Id extends RouteId> {
  params: Parsed<(typeof routeTable)[Id], 'params'>;
  query: Parsed<(typeof routeTable)[Id], 'query'>;
  headers: Parsed<(typeof routeTable)[Id], 'headers'>;
  body: Parsed<(typeof routeTable)[Id], 'body'>;
}

type OutputOf<Id extends RouteId> = (typeof routeTable)[Id] extends { response: infer S extends z.ZodType }
  ? z.output<S>
  : void;

/** Serves one route: validated input in, the answer's JSON value out. Throws RequestError for what the caller must change. */
type Handler<Id extends RouteId> = (input: InputOf<Id>, context: HandlerContext) => Promise<OutputOf<Id>>;

/** All of a resource, but what is done by hand: that has handlers of its own. */
export type HandlersOf<Prefix extends string> = {
  readonly [Id in Exclude<Extract<RouteId, `${Prefix}.${string}`>, ManualRouteId>]: Handler<Id>;
};

/** The handlers of some or all routes. */
export type Handlers = { readonly [Id in RouteId]?: Handler<Id> };
