import { RequestError, ServiceFault } from '../domain/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import { refuseErased } from '../pipeline/register-tenant.ts';
import type { ApiSettings } from './api-settings.ts';
import { type AuditedCall, audited, isAudited, noteRefused, ownerOf } from './audit.ts';
import type { Authenticate, Credentials } from './auth/authenticate.ts';
import type { AuthenticatedKey } from './auth/authenticated-key.ts';
import { type Caller, authorize, platformKeyNeeded } from './auth/authorize.ts';
import { keyHeaderOf } from './facades/key-headers.ts';
import type { Guard } from './guard.ts';
import type { HandlerTable, PortName } from './handler.ts';
import { headersOfAnswer } from './http/answer-headers.ts';
import { type Explained, internalError, named, problemAnswer, refusal, statusOf, unavailable } from './http/problem.ts';
import { refuseLargeBody } from './http/read-body.ts';
import { type RawInput, readInput } from './http/read-input.ts';
import { logOfRequest, requestIdOf } from './http/request-id.ts';
import type { ApiRequest, ApiResponse } from './http/request-response.ts';
import { methodsByPath, refuseTakenPath } from './http/wrong-method.ts';
import { refuseUnusedHeaders } from './http/unused-headers.ts';
import type { Route } from './route.ts';

export interface Api {
  /** Never throws: what goes wrong is a problem answer, and one line in the log. */
  handle(route: Route, request: ApiRequest): Promise<ApiResponse>;
  /** The answer to what a gateway refuses before there is a route, logged in the same way. */
  refuse(error: unknown, place: string, request?: Pick<ApiRequest, 'headers' | 'requestId'>): ApiResponse;
  /** Bytes: the limit of a route's body, for a gateway that can stop reading there; without a route, of any body. */
  maxBodyBytes(route?: Route): number;
}

/** What handlers use, and what serving them needs besides. */
export type PortsFor<Used extends PortName> = Pick<Ports, Used> & Pick<Ports, 'log' | 'random'>;

interface RouteApiDeps<Used extends PortName> {
  /** All of the API, so that a call of another route's path is told so; enough are those served, if none has a parameter. */
  routes: readonly Route[];
  handlers: HandlerTable<Used>;
  ports: PortsFor<NoInfer<Used>>;
  /** Undefined: no route that it serves is audited or asks for a second factor. */
  guard: Guard | undefined;
  settings: ApiSettings;
  authenticate: Authenticate;
  /** Of a process that serves all tenants in one thread; absent: each call begins at once. */
  takeTurn?: TakeTurn;
}

/** Starts a call that reads, of a tenant, when it is that tenant's turn. */
export type TakeTurn = <T>(tenantId: string, read: () => Promise<T>) => Promise<T>;

/** Serves the routes that `handlers` has: authorization, size, parsing, validation, the handler, the answer. */
export function createRouteApi<Used extends PortName>(deps: RouteApiDeps<Used>): Api {
  const { routes, handlers, ports, guard, settings, authenticate, takeTurn } = deps;

  const allowed = methodsByPath(routes);

  async function serve(route: Route, request: ApiRequest, { requestId, log, setHeaders }: Call): Promise<ApiResponse> {
    refuseTakenPath(route, request.params, allowed);
    const key = route.scope === null ? undefined : await authenticate(request, keyHeaderOf(route.path));
    const call = { route, request, requestId };
    const caller = await notingRefusals(call, key, async () => callerOf(route, key, request.headers));
    refuseUnusedHeaders(route, request.headers);
    // Only now: a body costs memory, and a caller without a key is owed none.
    const body = (await request.readBody?.()) ?? request.body;
    refuseLargeBody(body, maxBodyBytes(route));
    const input = readInput(route, { ...request, body });
    if (route.secondFactor) {
      const code = request.headers['postrider-mfa'];
      const requireMfa = settings.requireMfa || route.secondFactor === 'always';
      await notingRefusals(call, key, () => guardOf(route).requireSecondFactor({ requireMfa }, caller, code));
    }
    const handler = handlerOf(handlers, route);
    let { status } = route;
    const handle = () =>
      // The schemas that the input was read by are those that the handler's type is made of.
      handler(input as never, {
        ports: { ...ports, log },
        settings,
        tenantId: caller.tenantId,
        caller,
        setHeaders,
        noteEnded: () => void (status = route.endedStatus ?? status),
        explain: (error) => named(explain(error, route.id, log).problem, requestId),
      });
    const isRead = route.method === 'GET' && route.scope !== null && !route.waits;
    const inTurn = () => (takeTurn && isRead ? takeTurn(caller.tenantId, handle) : handle());
    await refuseForErased(route, caller, input);
    const value = isAudited(route) ? await audited(guardOf(route), call, { caller, input }, handle) : await inTurn();
    return { status, headers: headersOfSuccess(route, value), body: textOf(route, value) };
  }

  /** A change is refused to an erased tenant; ingest looks for itself, in what it reads anyway. */
  async function refuseForErased(route: Route, caller: Caller, input: RawInput): Promise<void> {
    const owner = isAudited(route) ? ownerOf(route, caller, input) : undefined;
    if (owner !== undefined) await refuseErased(guardOf(route), owner);
  }

  const constants = new Map<string, string>();

  function textOf({ id, response, constant }: Route, value: unknown): string | undefined {
    if (!response) return undefined;
    const text = constants.get(id) ?? JSON.stringify(value);
    if (constant) constants.set(id, text);
    return text;
  }

  function guardOf({ id }: Route): Guard {
    if (!guard) throw new Error(`${id} can't be served without its guard.`);
    return guard;
  }

  /** Of a sensitive route, whoever is refused is in the audit log. */
  async function notingRefusals<T>(call: AuditedCall, key: AuthenticatedKey | undefined, check: () => Promise<T>) {
    try {
      return await check();
    } catch (error) {
      const isNoted = call.route.secondFactor && key && error instanceof RequestError;
      if (isNoted) await noteRefused(guardOf(call.route), call, key, error);
      throw error;
    }
  }

  function maxBodyBytes(route?: Route): number {
    const isBatch = route === undefined || route.bodyParts !== undefined;
    return isBatch ? Math.max(settings.maxBatchBytes, settings.maxBodyBytes) : settings.maxBodyBytes;
  }

  async function handle(route: Route, request: ApiRequest): Promise<ApiResponse> {
    const requestId = requestIdOf(request, ports.random);
    const log = logOfRequest(ports.log, requestId);
    const headers: Record<string, string> = {};
    const setHeaders = (more: Readonly<Record<string, string>>) => void Object.assign(headers, more);
    const response = await serve(route, request, { requestId, log, setHeaders }).catch((error: unknown) =>
      problemAnswer(explain(error, route.id, log), requestId),
    );
    return { ...response, headers: { ...response.headers, ...headers, 'x-request-id': requestId } };
  }

  function refuse(error: unknown, place: string, request?: Pick<ApiRequest, 'headers' | 'requestId'>): ApiResponse {
    const requestId = requestIdOf(request, ports.random);
    const response = problemAnswer(explain(error, place, logOfRequest(ports.log, requestId)), requestId);
    return { ...response, headers: { ...response.headers, 'x-request-id': requestId } };
  }

  return { handle, refuse, maxBodyBytes };
}

/** The caller of a public route. */
const NOBODY: Caller = { keyId: '', scopes: [], tenantId: 'default', isPlatform: false, owner: undefined };

/** @throws RequestError what `authorize` throws, and `platform-key-needed` */
function callerOf(route: Route, key: AuthenticatedKey | undefined, headers: Credentials['headers']): Caller {
  if (route.scope === null) return NOBODY;
  const caller = authorize(key, headers, route.scope, keyHeaderOf(route.path));
  if (route.platform && !caller.isPlatform) throw platformKeyNeeded();
  return caller;
}

/** What a call has of its own. */
interface Call {
  requestId: string;
  log: Log;
  setHeaders(headers: Readonly<Record<string, string>>): void;
}

/** An error as a problem, with its line in the log. */
function explain(error: unknown, place: string, log: Log): Explained {
  if (error instanceof RequestError) {
    log.info('api.refused', { route: place, status: statusOf(error), code: error.code });
    return refusal(error);
  }
  if (error instanceof ServiceFault) {
    log.error('api.unavailable', error, { route: place });
    return unavailable();
  }
  log.error('api.failed', error, { route: place });
  return internalError();
}

function handlerOf<Used extends PortName>(handlers: HandlerTable<Used>, route: Route) {
  const handler = Object.hasOwn(handlers, route.id) ? handlers[route.id] : undefined;
  if (!handler) throw new Error(`There is no handler for ${route.id}.`);
  return handler;
}

function headersOfSuccess(route: Route, value: unknown): Record<string, string> {
  const headers = { 'cache-control': 'no-store', ...headersOfAnswer(route, value) };
  return route.response ? { 'content-type': 'application/json', ...headers } : headers;
}
