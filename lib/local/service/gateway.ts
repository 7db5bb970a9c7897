import { type IncomingMessage, type Server, createServer } from 'node:http';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { tooLarge } from '../../api/http/read-body.ts';
import type { ApiRequest, ApiResponse } from '../../api/http/request-response.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import type { Api } from '../../api/serve-route.ts';
import { RequestError } from '../../domain/errors.ts';
import { type Listener, listen } from './listener.ts';

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
    errorHandler: (error) => asResponse(api.refuse(malformed(error), 'gateway')),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  // `Expect: 100-continue`: a client that asks before sending the body gets its answer before sending it.
  server.on('checkContinue', (incoming, outgoing) => {
    if (declaredLength(incoming) <= api.maxBodyBytes()) outgoing.writeContinue();
    void listener(incoming, outgoing);
  });
  return server;
}

function createApp(api: Api): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of routes) {
    app.on(route.method, honoPath(route.path), async (c) => asResponse(await serve(api, route, c)));
  }
  for (const [path, allowed] of methodsByPath()) {
    app.all(honoPath(path), (c) => {
      const refused = api.refuse(wrongMethod(allowed), path, requestOf(c));
      return asResponse({ ...refused, headers: { ...refused.headers, allow: allowed } });
    });
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

/** The value of `Allow` for each path. */
function methodsByPath(): Map<string, string> {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  return new Map(
    [...byPath].map(([path, ofPath]) => {
      const methods = ofPath.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
      return [path, methods.join(', ')];
    }),
  );
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

function requestOf(c: Context<Env>): Pick<ApiRequest, 'headers'> {
  return { headers: c.env.incoming.headers as Record<string, string | undefined> };
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

function wrongMethod(allowed: string): RequestError {
  return new RequestError('wrong-method', `This path does not support this method: use ${allowed}.`);
}

function incomplete(): RequestError {
  return new RequestError('incomplete-body', 'The body ended early: send the request again.');
}

/** For what can't be parsed as a request at all, such as a broken `Host`. */
function malformed(error: unknown): RequestError {
  const why = error instanceof Error ? error.message : 'unreadable';
  return new RequestError('malformed-request', `This is not a valid HTTP request (${why.slice(0, 100)}): correct it.`);
}
