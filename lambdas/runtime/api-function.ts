import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { ApiRequest, ApiResponse } from '../../lib/api/exchange.ts';
import { DEFAULT_API_SETTINGS, type Handlers } from '../../lib/api/handler.ts';
import { type Route, routes } from '../../lib/api/routes.ts';
import { type Api, createRouteApi } from '../../lib/api/serve-route.ts';
import { RequestError } from '../../lib/domain/errors.ts';
import type { Ingest } from '../../lib/pipeline/ingest/ingest.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { type KeyContext, keyOf } from './key-context.ts';
import { type MiddlewareObj, compose } from './compose.ts';
import type { Deployment } from './deployment.ts';

/** The authorizer is absent on public routes. */
export type ApiEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<KeyContext | null | undefined>;
export type ApiHandler = (event: ApiEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

interface ApiFunction {
  /** Of the routes that this function serves. */
  handlers: Handlers;
  ports: Ports;
  /** Of the function that takes events in. */
  ingest?: Ingest;
}

/** Serves routes behind an HTTP API: payload format 2.0 in, problem answers and all else out. */
export function apiFunction({ handlers, ports, ingest = notHere }: ApiFunction, { urlPolicy }: Deployment): ApiHandler {
  const settings = { ...DEFAULT_API_SETTINGS, ...urlPolicy };
  // The authorizer has looked the key up: neither a header nor a body can say whose it is.
  const authenticate = async ({ key }: ApiRequest) => key;
  const api = createRouteApi({ ports, ingest, settings, handlers, authenticate });
  return compose<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(problems(api))
    .use(requests(handlers))
    .handler(async ({ route, request }: RoutedEvent) =>
      asResult(await api.handle(route, request)),
    ) as unknown as ApiHandler;
}

interface RoutedEvent extends ApiEvent {
  route: Route;
  request: ApiRequest;
}

/** What fails before there is a route is answered like everything else. */
function problems(api: Api): MiddlewareObj<ApiEvent> {
  return {
    onError: (call) => {
      call.response = asResult(api.refuse(call.error, call.event.routeKey));
    },
  };
}

/** Finds the route, and reads the request that the gateway has taken apart. */
function requests(handlers: Handlers): MiddlewareObj<RoutedEvent> {
  const served = new Map(
    routes.filter(({ id }) => id in handlers).map((route) => [`${route.method} ${route.path}`, route]),
  );
  return {
    before: ({ event }) => {
      const route = served.get(event.routeKey);
      if (!route) throw unknownPath();
      event.route = route;
      event.request = readRequest(event, route);
    },
  };
}

function readRequest(event: ApiEvent, route: Route): ApiRequest {
  const key = keyOf(event.requestContext.authorizer?.lambda);
  return {
    params: { ...event.pathParameters } as Record<string, string>,
    query: { ...event.queryStringParameters } as Record<string, string>,
    headers: event.headers,
    body: route.body ? readBody(event) : undefined,
    ...(key && { key }),
  };
}

function readBody({ body, isBase64Encoded }: ApiEvent): ApiRequest['body'] {
  return body !== undefined && isBase64Encoded ? Buffer.from(body, 'base64') : body;
}

function asResult({ status, headers, body }: ApiResponse): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers, ...(body !== undefined && { body }) };
}

function unknownPath(): RequestError {
  return new RequestError('unknown-path', 'There is nothing at this path: see GET /v1/openapi.json for all paths.');
}

const refuse = () => Promise.reject(new Error('This function takes no events in.'));
const notHere: Ingest = Object.assign(refuse, { batch: refuse });
