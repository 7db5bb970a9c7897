import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { APIGatewayProxyStructuredResultV2, APIGatewayRequestAuthorizerEventV2, Context } from 'aws-lambda';
import type { ApiEvent, ApiHandler } from '../../lambdas/runtime/api-function.ts';
import type { KeyContext } from '../../lambdas/runtime/key-context.ts';
import { keyHeaderOf } from '../../lib/api/facades/key-headers.ts';
import type { Route } from '../../lib/api/route.ts';
import { routes } from '../../lib/api/routes.ts';
import { type Listener, listen } from '../../lib/local/service/listener.ts';
import { lambdaContext } from './lambda-context.ts';

const TIMEOUT_MS = 15_000;
/** As the stack sets it. */
const AUTHORIZER_CACHE_MS = 10_000;

interface Decision {
  isAuthorized: boolean;
  context: KeyContext;
}

export interface HttpApiFunctions {
  authorizer(event: APIGatewayRequestAuthorizerEventV2, context: Context): Promise<Decision>;
  integrations: Readonly<Record<Route['lambda'], ApiHandler>>;
}

/**
 * Does on loopback what an HTTP API of API Gateway does with the table of routes: finds the route, asks the authorizer
 * (whose answers it remembers by the identity source, for all routes together), and calls the function with payload
 * format 2.0. What it refuses by itself has the gateway's own terse answers.
 */
export async function startHttpApi(functions: HttpApiFunctions): Promise<Listener> {
  const authorize = createAuthorize(functions.authorizer);
  const server = createServer((request, response) => {
    serve(functions, authorize, request).then(
      (result) => answer(response, result),
      () => answer(response, refusal(500, 'Internal Server Error')),
    );
  });
  return listen(server, '127.0.0.1', 0);
}

type Authorize = (event: ApiEvent, identity: string) => Promise<Decision>;

/** The authorizer of a route reads one header, and is not asked without it. */
function identityOf({ path }: Route, { headers }: ApiEvent): string | undefined {
  return headers[keyHeaderOf(path) ?? 'authorization'];
}

function createAuthorize(authorizer: HttpApiFunctions['authorizer']): Authorize {
  const cache = new Map<string, { decision: Decision; until: number }>();
  return async (event, identity) => {
    const known = cache.get(identity);
    if (known && known.until > Date.now()) return known.decision;
    const { version, routeKey, rawPath, rawQueryString, headers, requestContext } = event;
    const question = {
      version,
      routeKey,
      rawPath,
      rawQueryString,
      headers,
      requestContext,
      type: 'REQUEST',
      routeArn: `arn:aws:execute-api:eu-central-1:000000000000:e2e/$default/${routeKey}`,
      identitySource: [identity],
      cookies: [],
    } as APIGatewayRequestAuthorizerEventV2;
    const decision = await authorizer(question, lambdaContext('authorizer', TIMEOUT_MS));
    cache.set(identity, { decision, until: Date.now() + AUTHORIZER_CACHE_MS });
    return decision;
  };
}

async function serve(
  { integrations }: HttpApiFunctions,
  authorize: Authorize,
  request: IncomingMessage,
): Promise<APIGatewayProxyStructuredResultV2> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const match = matchRoute(request.method ?? 'GET', url.pathname);
  if (!match) return refusal(404, 'Not Found');
  const event = await readEvent(request, url, match);
  if (match.route.scope !== null) {
    // Without its identity source a request is refused before the authorizer is asked.
    const identity = identityOf(match.route, event);
    if (!identity) return refusal(401, 'Unauthorized');
    const decision = await authorize(event, identity);
    if (!decision.isAuthorized) return refusal(403, 'Forbidden');
    Object.assign(event.requestContext, { authorizer: { lambda: decision.context } });
  }
  const { lambda } = match.route;
  return integrations[lambda](event, lambdaContext(lambda, TIMEOUT_MS));
}

interface Match {
  route: Route;
  params: Record<string, string>;
}

function matchRoute(method: string, path: string): Match | undefined {
  for (const route of routes.filter((one) => one.method === method)) {
    const pattern = new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const groups = pattern.exec(path);
    if (!groups) continue;
    const params = Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { route, params: Object.fromEntries(params) as Record<string, string> };
  }
  return undefined;
}

/** What the gateway passes on as text; any other body comes in base64. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml)\b)/i;

async function readEvent(request: IncomingMessage, url: URL, { route, params }: Match): Promise<ApiEvent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const isText = TEXT.test(request.headers['content-type'] ?? '');
  const routeKey = `${route.method} ${route.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: headersOf(request),
    ...(url.search && { queryStringParameters: queryOf(url) }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: {
      accountId: '000000000000',
      apiId: 'e2e',
      domainName: url.host,
      domainPrefix: 'e2e',
      http: {
        method: route.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: crypto.randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
  } as ApiEvent;
}

/** Lower-case names; the values of a header that comes twice are joined with commas. */
function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
  );
}

function queryOf({ searchParams }: URL): Record<string, string> {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name).join(',')]),
  );
}

function refusal(statusCode: number, message: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

function answer(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  response.writeHead(result.statusCode ?? 200, result.headers as Record<string, string>);
  response.end(result.isBase64Encoded ? Buffer.from(result.body ?? '', 'base64') : result.body);
}
