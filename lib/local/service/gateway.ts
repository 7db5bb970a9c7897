import { type IncomingMessage, type RequestListener, type Server, type ServerOptions, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import type { Api } from '../../api/serve-route.ts';
import { RequestError } from '../../domain/errors.ts';
import type { ConsoleSite } from '../console/console-site.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-limits.ts';
import { takingTurns } from './connection-turns.ts';
import { type Listener, listen } from './listener.ts';
import { capConnections } from './open-connections.ts';
import { isOwnHost } from './own-host.ts';
import { GoodHosts, writeAnswer } from './plain-answers.ts';
import { malformed, refuseOnSocket } from './refuse-on-socket.ts';
import { type Asking, asResponse, createApp, createServeRoute, headersOf, plainCalls } from './serve-calls.ts';

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

function createGatewayServer({ api, host, tls, site, ...options }: GatewayOptions): Server {
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const names = [host, ...(options.publicHosts ?? [])].map((name) => name.toLowerCase());
  const asking: Asking = new WeakMap();
  const server = tls
    ? createTlsServer({ ...serverOptions(limits), ...tlsOptions(tls, limits) })
    : createServer(serverOptions(limits));
  server.timeout = limits.stalledMs;
  const turns = takingTurns(capConnections(server, limits.connections, answering({ api, site, names, asking })));
  const { listener } = turns;
  server.on('request', listener);
  refuseOnSocket(server, api, turns);
  // `Expect: 100-continue`: a client that asks before sending the body gets its answer before sending it.
  server.on('checkContinue', (incoming, outgoing) => {
    asking.set(incoming, () => outgoing.writeContinue());
    listener(incoming, outgoing);
  });
  // A server may ignore what a client expects besides that (RFC 9110, 10.1.1).
  server.on('checkExpectation', listener);
  return server;
}

interface AnsweringOptions extends Pick<GatewayOptions, 'api' | 'site'> {
  /** What the service is called besides `localhost`, in lower case. */
  names: readonly string[];
  asking: Asking;
}

/** Answers plain calls for a `Host` that has been let pass as they are, and all others by the adapter of the web's Request. */
function answering({ api, site, names, asking }: AnsweringOptions): RequestListener {
  const serveRoute = createServeRoute(api, asking);
  const app = createApp(api, serveRoute, site);
  const direct = plainCalls(serveRoute);
  const goodHosts = new GoodHosts();
  const whenBroken = {
    errorHandler: (error: unknown) => asResponse(api.refuse(malformed(messageOf(error)), 'gateway')),
  };
  const answer = getRequestListener((request, env) => {
    const { incoming } = env as HttpBindings;
    goodHosts.add(incoming as IncomingMessage);
    return direct(incoming)?.then(asResponse) ?? app.fetch(request, env);
  }, whenBroken);
  const refuseHost = getRequestListener((_, env) => {
    const incoming = env.incoming as IncomingMessage;
    return asResponse(api.refuse(refusalOf(incoming.headers.host), 'gateway', { headers: headersOf(incoming) }));
  }, whenBroken);
  return (incoming, outgoing) => {
    const named = incoming.headers.host;
    const plain = named !== undefined && goodHosts.has(named) ? direct(incoming) : undefined;
    if (plain) return writeAnswer(plain, incoming, outgoing);
    return named === undefined || isOwnHost(named, names) ? answer(incoming, outgoing) : refuseHost(incoming, outgoing);
  };
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

/** The adapter of the web's Request lets some names pass that no URL can have, such as `1.2.3.4.5`. */
function refusalOf(host = ''): RequestError {
  if (!URL.canParse(`http://${host}`)) return malformed('Invalid Host');
  return new RequestError(
    'wrong-host',
    'The `Host` is not this service’s: use its address, or start the service with `--public-host` and that name.',
  );
}

/** What the adapter of the web's Request says about a broken `Host` or URL. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable';
}
