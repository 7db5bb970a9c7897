import { type IncomingMessage, type RequestListener, type Server, type ServerOptions, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { repeatedNames } from '../../api/http/repeated-names.ts';
import type { ApiRequest, ApiResponse } from '../../api/http/request-response.ts';
import { WrongMethod, methodsByPath } from '../../api/http/wrong-method.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import type { Api } from '../../api/serve-route.ts';
import { unknownPath } from '../../api/http/unknown-path.ts';
import { RequestError } from '../../domain/errors.ts';
import type { ConsoleSite } from '../console/console-site.ts';
import { DOCS_FILES, docsResponse } from '../docs/docs-page.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-limits.ts';
import { readIncomingBody } from './incoming-body.ts';
import { type Listener, listen } from './listener.ts';
import { capConnections } from './open-connections.ts';
import { isOwnHost } from './own-host.ts';
import { malformed, refuseOnSocket } from './refuse-on-socket.ts';
import { takingTurns } from './turns.ts';

/**
 * How long an idle connection stays open. Clients keep theirs for a minute or longer, and a post on a connection that is
 * just being closed gets no response.
 */
const KEEP_ALIVE_MS = 75_000;

/** PEM. */
export interface TlsFiles {
  cert: Uint8Array;
  key: Uint8Array;
}

type Env = { Bindings: HttpBindings };

export interface GatewayOptions {
  api: Api;
  /** An address of this machine. */
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names of this service besides `localhost`: a request for another name is refused. */
  publicHosts?: readonly string[];
  /** Absent: plain HTTP. */
  tls?: TlsFiles | undefined;
  /** What is served at `/`. Absent: nothing. */
  site?: ConsoleSite | undefined;
  limits?: Partial<ConnectionLimits>;
}

/**
 * Serves the routes over HTTP, as API Gateway does on AWS.
 * @throws PortInUseError when something else listens there
 */
export async function startGateway(options: GatewayOptions): Promise<Listener> {
  const { host, port, tls } = options;
  return listen(createGatewayServer(options), host, port, tls ? 'https' : 'http');
}

/** Requests that wait for `100 Continue`, and how to give it to them. */
type Asking = WeakMap<IncomingMessage, () => void>;

function createGatewayServer({ api, host, tls, site, ...options }: GatewayOptions): Server {
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const names = [host, ...(options.publicHosts ?? [])].map((name) => name.toLowerCase());
  const asking: Asking = new WeakMap();
  const serveRoute = createServeRoute(api, asking);
  const app = createApp(api, serveRoute, site);
  const direct = plainCalls(serveRoute);
  const answer = getRequestListener((request, env) => direct(env as HttpBindings) ?? app.fetch(request, env), {
    errorHandler: (error) => asResponse(api.refuse(malformed(messageOf(error)), 'gateway')),
  });
  const refuseHost = getRequestListener((_, { incoming }) =>
    asResponse(api.refuse(otherHost(), 'gateway', { headers: headersOf(incoming as IncomingMessage) })),
  );
  const serve: RequestListener = (incoming, outgoing) => {
    const named = incoming.headers.host;
    return named === undefined || isOwnHost(named, names) || !isHost(named)
      ? answer(incoming, outgoing)
      : refuseHost(incoming, outgoing);
  };
  const server = tls
    ? createTlsServer({ ...serverOptions(limits), ...tlsOptions(tls, limits) })
    : createServer(serverOptions(limits));
  server.timeout = limits.stalledMs;
  const listener = takingTurns(capConnections(server, limits.connections, serve));
  server.on('request', listener);
  refuseOnSocket(server, api);
  // `Expect: 100-continue`: a client that asks before sending the body gets its answer before sending it.
  server.on('checkContinue', (incoming, outgoing) => {
    asking.set(incoming, () => outgoing.writeContinue());
    listener(incoming, outgoing);
  });
  // A server may ignore what a client expects besides that (RFC 9110, 10.1.1).
  server.on('checkExpectation', listener);
  return server;
}

function serverOptions({ headersMs, requestMs, checkMs }: ConnectionLimits): ServerOptions {
  return {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    // A request without a `Host` reaches the listener, which refuses it with a problem; Node's own refusal has no body.
    requireHostHeader: false,
  };
}

function tlsOptions({ cert, key }: TlsFiles, { handshakeMs }: ConnectionLimits) {
  return {
    cert: Buffer.from(cert),
    key: Buffer.from(key),
    handshakeTimeout: handshakeMs,
    minVersion: 'TLSv1.2' as const,
  };
}

/** What a path and a query say. */
type Asked = Pick<ApiRequest, 'params' | 'query' | 'repeated'>;
type ServeRoute = (route: Route, incoming: IncomingMessage, asked: Asked) => Promise<Response>;

function createServeRoute(api: Api, asking: Asking): ServeRoute {
  const bytesOf = sharedBytes();
  return async (route, incoming, asked) => {
    try {
      const response = await api.handle(route, requestTo(route, incoming, asked, { api, asking }));
      return asResponse(response, bytesOf(route, response));
    } catch (error) {
      return asResponse(api.refuse(error, 'gateway', requestOf(incoming)));
    }
  };
}

/**
 * Serves calls of a path without parameters and without a query, as posts are: no router has to read their URL.
 * @returns a function that answers undefined for any other call
 */
function plainCalls(serveRoute: ServeRoute): (env: HttpBindings) => Promise<Response> | undefined {
  const plain = routes.filter(({ path }) => !path.includes('{'));
  const byCall = new Map(plain.map((route) => [`${route.method} ${route.path}`, route]));
  return (env) => {
    const incoming = env.incoming as IncomingMessage;
    const route = byCall.get(`${incoming.method} ${incoming.url}`);
    return route && serveRoute(route, incoming, { params: {}, query: {} });
  };
}

function createApp(api: Api, serveRoute: ServeRoute, site: ConsoleSite | undefined): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of routes) {
    app.on(route.method, honoPath(route.path), (c) => {
      const params = c.req.param() as Record<string, string>;
      return serveRoute(route, incomingOf(c), { params, ...queryOf(c) });
    });
  }
  for (const [path, file] of DOCS_FILES) app.get(path, () => docsResponse(file));
  const allowed = new Map([...methodsByPath(routes), ...DOCS_FILES.keys().map((path) => [path, 'GET, HEAD'] as const)]);
  for (const [path, allow] of allowed) {
    app.all(honoPath(path), (c) => asResponse(api.refuse(new WrongMethod(allow), path, requestOf(incomingOf(c)))));
  }
  if (site) {
    app.get('*', async (c, next) => (await site.answer(c.req.path, c.req.header('accept-encoding'))) ?? next());
  }
  app.notFound((c) => asResponse(api.refuse(unknownPath(), 'gateway', requestOf(incomingOf(c)))));
  app.onError((error, c) => asResponse(api.refuse(error, 'gateway', requestOf(incomingOf(c)))));
  return app;
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The body is read when the API asks for it: once it knows the key. */
function requestTo(
  route: Route,
  incoming: IncomingMessage,
  asked: Asked,
  { api, asking }: { api: Api; asking: Asking },
): ApiRequest {
  const maxBytes = api.maxBodyBytes(route);
  return {
    ...asked,
    ...requestOf(incoming),
    body: undefined,
    ...(route.body && { readBody: () => readIncomingBody(incoming, maxBytes, asking.get(incoming)) }),
  };
}

function requestOf(incoming: IncomingMessage): Pick<ApiRequest, 'headers' | 'address'> {
  const { remoteAddress } = incoming.socket;
  return { headers: headersOf(incoming), ...(remoteAddress !== undefined && { address: remoteAddress }) };
}

function incomingOf(c: Context<Env>): IncomingMessage {
  return c.env.incoming as IncomingMessage;
}

function headersOf({ headers }: IncomingMessage): ApiRequest['headers'] {
  return headers as Record<string, string | undefined>;
}

function queryOf(c: Context<Env>): Pick<ApiRequest, 'query' | 'repeated'> {
  const { search, searchParams } = new URL(c.req.url);
  return { query: Object.fromEntries(searchParams), repeated: repeatedNames(search) };
}

function asResponse({ status, headers, body }: ApiResponse, bytes?: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes ?? body ?? null, { status, headers });
}

/** The bytes of a constant answer: the same for every connection, because some are slow to read them. */
function sharedBytes() {
  const known = new Map<string, Uint8Array<ArrayBuffer>>();
  return ({ id, constant, status }: Route, response: ApiResponse): Uint8Array<ArrayBuffer> | undefined => {
    if (!constant || response.status !== status || response.body === undefined) return undefined;
    const bytes = known.get(id) ?? new TextEncoder().encode(response.body);
    known.set(id, bytes);
    return bytes;
  };
}

/** Well-formed, whoever it means; the listener refuses what is not. */
function isHost(text: string): boolean {
  return URL.canParse(`http://${text}`);
}

function otherHost(): RequestError {
  return new RequestError(
    'wrong-host',
    'The `Host` is not this service’s: use its address, or start the service with `--public-host` and that name.',
  );
}

/** What the adapter of the web's Request says about a broken `Host` or URL. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable';
}
