import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { repeatedNames } from '../../api/http/repeated-names.ts';
import type { ApiRequest, ApiResponse } from '../../api/http/request-response.ts';
import { unknownPath } from '../../api/http/unknown-path.ts';
import { WrongMethod, methodsByPath } from '../../api/http/wrong-method.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';
import type { Api } from '../../api/serve-route.ts';
import type { ConsoleSite } from '../console/console-site.ts';
import { DOCS_FILES, docsResponse } from '../docs/docs-page.ts';
import { readIncomingBody } from './incoming-body.ts';

type Env = { Bindings: HttpBindings };

/** Requests that wait for `100 Continue`, and how to give it to them. */
export type Asking = WeakMap<IncomingMessage, () => void>;

/** What a path and a query say. */
type Asked = Pick<ApiRequest, 'params' | 'query' | 'repeated'>;
export type ServeRoute = (route: Route, incoming: IncomingMessage, asked: Asked) => Promise<Answer>;

/** What is written as it is. */
export interface Answer extends Pick<ApiResponse, 'status' | 'headers'> {
  body?: string | Uint8Array<ArrayBuffer> | undefined;
}

/** Answers a call of a route. */
export function createServeRoute(api: Api, asking: Asking): ServeRoute {
  const bytesOf = sharedBytes();
  return async (route, incoming, asked) => {
    try {
      const response = await api.handle(route, requestTo(route, incoming, asked, { api, asking }));
      const bytes = bytesOf(route, response);
      return bytes ? { ...response, body: bytes } : response;
    } catch (error) {
      return api.refuse(error, 'gateway', requestOf(incoming));
    }
  };
}

/**
 * Serves calls of a path without parameters and without a query, as posts are: no router has to read their URL.
 * @returns a function that answers undefined for any other call
 */
export function plainCalls(serveRoute: ServeRoute): (incoming: IncomingMessage) => Promise<Answer> | undefined {
  const plain = routes.filter(({ path }) => !path.includes('{'));
  const byCall = new Map(plain.map((route) => [`${route.method} ${route.path}`, route]));
  return (incoming) => {
    const route = byCall.get(`${incoming.method} ${incoming.url}`);
    return route && serveRoute(route, incoming, { params: {}, query: {} });
  };
}

/** Serves all calls: of routes, of the API's reference and of the console, and refuses any other. */
export function createApp(api: Api, serveRoute: ServeRoute, site: ConsoleSite | undefined): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of routes) {
    app.on(route.method, honoPath(route.path), async (c) => {
      const params = c.req.param() as Record<string, string>;
      return asResponse(await serveRoute(route, incomingOf(c), { params, ...queryOf(c) }));
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

export function headersOf({ headers }: IncomingMessage): ApiRequest['headers'] {
  return headers as Record<string, string | undefined>;
}

function queryOf(c: Context<Env>): Pick<ApiRequest, 'query' | 'repeated'> {
  const { search, searchParams } = new URL(c.req.url);
  return { query: Object.fromEntries(searchParams), repeated: repeatedNames(search) };
}

export function asResponse({ status, headers, body }: Answer): Response {
  return new Response(body ?? null, { status, headers });
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
