import { RequestError, ServiceFault } from '../domain/errors.ts';
import { type Authenticate, authorize, createAuthenticate, platformKeyNeeded } from './authorize.ts';
import type { ApiRequest, ApiResponse } from './exchange.ts';
import type { ApiDeps, HandlerContext, Handlers } from './handler.ts';
import { type Explained, internalError, problemAnswer, refusal, statusOf, unavailable } from './problem.ts';
import { refuseLargeBody } from './read-body.ts';
import { type RawInput, readInput } from './read-input.ts';
import type { Route } from './routes.ts';

export interface Api {
  /** Never throws: what goes wrong is a problem answer, and one line in the log. */
  handle(route: Route, request: ApiRequest): Promise<ApiResponse>;
  /** The answer to what a gateway refuses before there is a route, logged in the same way. */
  refuse(error: unknown, place: string): ApiResponse;
  /** Bytes: the limit of a route's body, for a gateway that can stop reading there; without a route, of any body. */
  maxBodyBytes(route?: Route): number;
}

type AnyHandler = (input: RawInput, context: HandlerContext) => Promise<unknown>;

export interface RouteApiDeps extends ApiDeps {
  handlers: Handlers;
  /** Default: by the header `Authorization`, from the store. */
  authenticate?: Authenticate;
}

/** Serves the routes that `handlers` has: authorization, size, parsing, validation, the handler, the answer. */
export function createRouteApi(deps: RouteApiDeps): Api {
  const { ports, ingest, settings } = deps;
  const authenticate = deps.authenticate ?? createAuthenticate(ports);

  async function callerOf(route: Route, request: ApiRequest) {
    return route.scope === null ? undefined : authorize(await authenticate(request), request.headers, route.scope);
  }

  async function serve(route: Route, request: ApiRequest): Promise<ApiResponse> {
    const caller = await callerOf(route, request);
    if (route.platform && !caller?.isPlatform) throw platformKeyNeeded();
    refuseLargeBody(request.body, maxBodyBytes(route));
    const input = readInput(route, request);
    const handler = handlerOf(deps.handlers, route);
    const tenantId = caller?.tenantId ?? 'default';
    const value = await handler(input, {
      ports,
      ingest,
      settings,
      tenantId,
      explain: (error) => explain(error, route.id).problem,
    });
    return answer(route, value);
  }

  function maxBodyBytes(route?: Route): number {
    const isBatch = route === undefined || route.bodyParts !== undefined;
    return isBatch ? Math.max(settings.maxBatchBytes, settings.maxBodyBytes) : settings.maxBodyBytes;
  }

  function explain(error: unknown, place: string): Explained {
    if (error instanceof RequestError) {
      ports.log.info('api.refused', { route: place, status: statusOf(error), code: error.code });
      return refusal(error);
    }
    if (error instanceof ServiceFault) {
      ports.log.error('api.unavailable', error, { route: place });
      return unavailable();
    }
    const requestId = Buffer.from(ports.random.bytes(8)).toString('hex');
    ports.log.error('api.failed', error, { route: place, request_id: requestId });
    return internalError(requestId);
  }

  const refuse = (error: unknown, place: string) => problemAnswer(explain(error, place));
  return {
    handle: (route, request) => serve(route, request).catch((error: unknown) => refuse(error, route.id)),
    refuse,
    maxBodyBytes,
  };
}

/** The schemas of the route, by which the input was read, are those that the handler's type is made of. */
function handlerOf(handlers: Handlers, route: Route): AnyHandler {
  const handler = Object.hasOwn(handlers, route.id) ? handlers[route.id as keyof Handlers] : undefined;
  if (!handler) throw new Error(`There is no handler for ${route.id}.`);
  return handler as unknown as AnyHandler;
}

function answer(route: Route, value: unknown): ApiResponse {
  const headers = { 'cache-control': 'no-store' };
  if (!route.response) return { status: route.status, headers, body: undefined };
  return {
    status: route.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}
