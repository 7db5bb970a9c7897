import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { type ApiSettings, DEFAULT_API_SETTINGS } from '../../lib/api/api-settings.ts';
import type { Authenticate } from '../../lib/api/auth/authenticate.ts';
import type { AuthenticatedKey } from '../../lib/api/auth/authenticated-key.ts';
import type { HandlerTable, PortName } from '../../lib/api/handler.ts';
import { repeatedNames } from '../../lib/api/http/repeated-names.ts';
import type { ApiRequest, ApiResponse } from '../../lib/api/http/request-response.ts';
import { unknownPath } from '../../lib/api/http/unknown-path.ts';
import type { Route, RouteLambda } from '../../lib/api/route.ts';
import type { GuardedRouteIdOf, RouteIdOf } from '../../lib/api/routes.ts';
import type { Guard } from '../../lib/api/guard.ts';
import { type Api, type PortsFor, createRouteApi } from '../../lib/api/serve-route.ts';
import type { UrlPolicy } from '../../lib/domain/url-policy.ts';
import { type Middleware, compose, handledBy } from './compose.ts';
import type { Deployment } from './deployment.ts';
import { invocation } from './invocations.ts';
import { consoleUrl, eventTypePolicy, maxApiKeys, pipelineSettings, requireMfa } from './settings.ts';
import { type KeyContext, keyOf } from './key-context.ts';

/** The authorizer is absent on public routes. */
export type ApiEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<KeyContext | null | undefined>;
export type ApiHandler = (event: ApiEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

interface ApiFunction<Lambda extends RouteLambda, Used extends PortName> {
  /** As `createRouteApi` takes them. */
  routes: readonly Route[];
  /** Of every route that the table of routes gives to this function. */
  handlers: HandlerTable<Used> & Readonly<Record<RouteIdOf<Lambda>, unknown>>;
  /** Those that the handlers use. */
  ports: PortsFor<NoInfer<Used>>;
  /** Where endpoints are registered. */
  urlPolicy?: UrlPolicy;
  guard?: Guard;
  /** Of this function alone. */
  settings?: Partial<ApiSettings>;
}

/** A function with routes that are audited or ask for a second factor must have a guard. */
type Guarded<Lambda extends RouteLambda> = [GuardedRouteIdOf<Lambda>] extends [never] ? unknown : { guard: Guard };

/** Serves a function's routes behind an HTTP API: payload format 2.0 in, problem answers and all else out. */
export function apiFunction<Lambda extends RouteLambda, Used extends PortName>(
  lambda: Lambda,
  { routes, handlers, ports, urlPolicy, guard, settings: own }: ApiFunction<Lambda, Used> & Guarded<Lambda>,
  deployment: Deployment,
): ApiHandler {
  const settings = {
    ...DEFAULT_API_SETTINGS,
    ...urlPolicy,
    requireMfa: requireMfa(deployment),
    maxApiKeys: maxApiKeys(deployment),
    eventTypePolicy: eventTypePolicy(deployment),
    consoleUrl: () => consoleUrl(deployment),
    logTtlMs: pipelineSettings(deployment).logTtlMs,
    ...own,
  };
  // The authorizer has looked the key up.
  const authenticate: Authenticate = async ({ key }) => key;
  const api = createRouteApi<Used>({ routes, handlers, ports, guard, settings, authenticate });
  const chain = compose<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(invocation(deployment))
    .use(problems(api))
    .use(routing(routes.filter((route) => route.lambda === lambda)))
    .use(keyContext())
    .use(requestReading());
  return handledBy(chain, async ({ found: { route, request } }) => asResult(await api.handle(route, request)));
}

/** What fails before there is a route is answered like everything else. */
function problems(api: Api): Middleware<ApiEvent, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (call) => {
      call.response = asResult(api.refuse(call.error, call.event.routeKey, requestOf(call.event)));
    },
  };
}

/** Adds the route that the gateway has chosen. */
function routing(own: readonly Route[]): Middleware<ApiEvent, unknown, { route: Route }> {
  const served = new Map(own.map((route) => [`${route.method} ${route.path}`, route]));
  return {
    before: ({ event, internal }) => {
      const route = served.get(event.routeKey);
      if (!route) throw unknownPath();
      internal.route = route;
    },
  };
}

/** Adds the key that the authorizer has found: no header and no body can say whose it is. */
function keyContext(): Middleware<ApiEvent, unknown, { key: AuthenticatedKey | undefined }> {
  return {
    before: ({ event, internal }) => {
      internal.key = keyOf(event.requestContext.authorizer?.lambda);
    },
  };
}

/** Adds the request, which the API parses, validates and serves as it does behind the local gateway. */
function requestReading(): Middleware<
  ApiEvent,
  unknown,
  { route: Route; key: AuthenticatedKey | undefined; request: ApiRequest }
> {
  return {
    before: ({ event, internal }) => {
      const { route, key } = internal;
      internal.request = { ...readRequest(event, route), ...(key && { key }) };
    },
  };
}

/** Reads the request that the gateway has taken apart. */
function readRequest(event: ApiEvent, route: Route): ApiRequest {
  return {
    params: definedOf(event.pathParameters),
    query: definedOf(event.queryStringParameters),
    repeated: repeatedNames(event.rawQueryString),
    ...requestOf(event),
    body: route.body ? readBody(event) : undefined,
  };
}

/** Some emulators of the gateway write null where AWS leaves a field out. */
function definedOf(values: Readonly<Record<string, string | undefined>> | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What names the request, before there is a route. */
function requestOf({ headers, requestContext }: ApiEvent): Pick<ApiRequest, 'headers' | 'address' | 'requestId'> {
  // Tests of a function name no more than they need.
  const { requestId, http } = requestContext as Partial<ApiEvent['requestContext']>;
  return {
    headers,
    ...(http && { address: http.sourceIp }),
    ...(requestId !== undefined && { requestId }),
  };
}

function readBody({ body, isBase64Encoded }: ApiEvent): ApiRequest['body'] {
  return body !== undefined && isBase64Encoded ? Buffer.from(body, 'base64') : body;
}

function asResult({ status, headers, body }: ApiResponse): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers, ...(body !== undefined && { body }) };
}
