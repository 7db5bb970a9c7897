import { type IncomingMessage, type Server, createServer } from 'node:http';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { tooLarge } from '../../api/http/read-body.ts';
import type { ApiRequest, ApiResponse } from '../../api/http/request-response.ts';
import { WrongMethod, methodsByPath } from '../../api/http/wrong-method.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import type { Api } from '../../api/serve-route.ts';
import { RequestError } from '../../domain/errors.ts';
import { type Listener, listen } from './listener.ts';
import { malformed, refuseOnSocket } from './refuse-on-socket.ts';

/**
 * How long an idle connection stays open. Clients keep theirs for a minute or longer, and a post on a connection that is
 * just being closed gets no response.
 */
const KEEP_ALIVE_MS = 75_000;

type Env = { Bindings: HttpBindings };

export interface GatewayOptions {
  api: Api;
  /** An address of this machine. */
  host: string;
  /** 0 picks a free one. */
  port: number;
}

/**
 * Serves the routes over HTTP, as API Gateway does on AWS.
 * @throws PortInUseError when something else listens there
 */
export async function startGateway({ api, host, port }: GatewayOptions): Promise<Listener> {
  return listen(createGatewayServer(api), host, port);
}

function createGatewayServer(api: Api): Server {
  const app = createApp(api);
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    errorHandler: (error) => asResponse(api.refuse(malformed(messageOf(error)), 'gateway')),
  });
  // A request without a `Host` reaches the listener, which refuses it with a problem; Node's own refusal has no body.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false }, listener);
  refuseOnSocket(server, api);
  // `Expect: 100-continue`: a client that asks before sending the body gets its answer before sending it.
  server.on('checkContinue', (incoming, outgoing) => {
    if (declaredLength(incoming) <= api.maxBodyBytes()) outgoing.writeContinue();
    void listener(incoming, outgoing);
  });
  // A server may ignore what a client expects besides that (RFC 9110, 10.1.1).
  server.on('checkExpectation', (incoming, outgoing) => void listener(incoming, outgoing));
  return server;
}

function createApp(api: Api): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of routes) {
    app.on(route.method, honoPath(route.path), async (c) => asResponse(await serve(api, route, c)));
  }
  for (const [path, allow] of methodsByPath(routes)) {
    app.all(honoPath(path), (c) => asResponse(api.refuse(new WrongMethod(allow), path, requestOf(c))));
  }
  app.notFound((c) => asResponse(api.refuse(unknownPath(), 'gateway', requestOf(c))));
  app.onError((error, c) => asResponse(api.refuse(error, 'gateway', requestOf(c))));
  return app;
}

async function serve(api: Api, route: Route, c: Context<Env>): Promise<ApiResponse> {
  let request: ApiRequest;
  try {
    request = await readRequest(c, route, api.maxBodyBytes(route));
  } catch (error) {
    return api.refuse(error, route.id, requestOf(c));
  }
  return api.handle(route, request);
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

async function readRequest(c: Context<Env>, route: Route, maxBodyBytes: number): Promise<ApiRequest> {
  const { incoming } = c.env;
  return {
    params: c.req.param() as Record<string, string>,
    query: readQuery(c),
    ...requestOf(c),
    body: route.body ? await readBody(incoming as IncomingMessage, maxBodyBytes) : undefined,
  };
}

function requestOf(c: Context<Env>): Pick<ApiRequest, 'headers' | 'address'> {
  const { headers, socket } = c.env.incoming;
  return {
    headers: headers as Record<string, string | undefined>,
    ...(socket.remoteAddress !== undefined && { address: socket.remoteAddress }),
  };
}

/** A repeated parameter becomes one value, joined by commas, as API Gateway does it. */
function readQuery(c: Context<Env>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URL(c.req.url).searchParams) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

function declaredLength(incoming: IncomingMessage): number {
  return Number(incoming.headers['content-length'] ?? 0);
}

/** @throws RequestError `too-large` as soon as the body is known to be too large; the rest is not kept */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (declaredLength(incoming) > maxBytes) throw tooLarge(maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      incoming.off('data', onData);
      reject(tooLarge(maxBytes));
    };
    incoming.on('data', onData);
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('close', () => {
      if (!incoming.complete) reject(incomplete());
    });
  });
}

function asResponse({ status, headers, body }: ApiResponse): Response {
  return new Response(body ?? null, { status, headers });
}

function unknownPath(): RequestError {
  return new RequestError('unknown-path', 'There is nothing at this path: see GET /v1/openapi.json for all paths.');
}

function incomplete(): RequestError {
  return new RequestError('incomplete-body', 'The body ended early: send the request again.');
}

/** What the adapter of the web's Request says about a broken `Host` or URL. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable';
}
