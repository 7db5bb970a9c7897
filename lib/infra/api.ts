import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogGroupClass, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Facade } from '../api/facades/facades.ts';
import { KEY_HEADERS, keyHeaderOf } from '../api/facades/key-headers.ts';
import type { Route } from '../api/route.ts';
import { routes } from '../api/routes.ts';
import { ApiDomain, type ApiDomainProps } from './api-domain.ts';
import { corsOf } from './cors.ts';
import type { StageFunction } from './stage-function.ts';

export interface Throttling {
  /** Sustained requests per second. */
  rateLimit: number;
  /** Requests at the same time. */
  burstLimit: number;
}

export interface ApiProps {
  functions: Readonly<Record<Route['lambda'], StageFunction>>;
  authorizer: StageFunction;
  /** Those that are switched on. */
  facades: readonly Facade[];
  throttling: Throttling;
  logRetention: RetentionDays;
  encryptionKey: IKey | undefined;
  domain: ApiDomainProps | undefined;
  /** Whose pages may call it from a browser. */
  corsOrigins: readonly string[];
}

/**
 * Seconds for which a deleted key may still work, and a new key that was tried before it existed may not. One cache serves
 * all routes, so the functions check scopes.
 */
const AUTHORIZER_CACHE_SECONDS = 10;

/** The HTTP API, route by route from the table of routes. */
export class Api extends Construct {
  readonly httpApi: HttpApi;
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly domain: ApiDomain | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const cors = corsOf(props.corsOrigins, props.facades);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      createDefaultStage: false,
      description: 'Postrider',
      ...(cors && { corsPreflight: cors }),
      // Or whoever knows the other name would pass by what stands in front of this one.
      ...(props.domain && { disableExecuteApiEndpoint: true }),
    });
    this.domain = props.domain && new ApiDomain(this, 'Domain', props.domain);
    this.url = this.domain?.url ?? this.httpApi.apiEndpoint;
    this.addRoutes(props);
    this.addStage(props);
  }

  private addRoutes({ functions, authorizer, facades }: ApiProps): void {
    const keyed = authorizers(authorizer);
    const integrations = new Map<Route['lambda'], HttpLambdaIntegration>();
    for (const route of routes.filter(({ facade }) => facade === undefined || facades.includes(facade))) {
      const integration =
        integrations.get(route.lambda) ??
        // One permission per function, not per route: a function's policy is limited to 20 KB.
        new HttpLambdaIntegration(route.lambda, functions[route.lambda].called, { scopePermissionToRoute: false });
      integrations.set(route.lambda, integration);
      this.addRoute(route, integration, route.scope === null ? new HttpNoneAuthorizer() : keyed(route));
    }
  }

  private addRoute(route: Route, integration: HttpLambdaIntegration, authorizer: IHttpRouteAuthorizer): void {
    const methods = [HttpMethod[route.method]];
    const [added] = this.httpApi.addRoutes({ path: route.path, methods, integration, authorizer });
    if (route.scope === null && added) {
      Validations.of(added).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: `${route.id} is public by the table of routes: ${route.summary} It reads no data.`,
      });
    }
  }

  private addStage({ throttling, logRetention, encryptionKey }: ApiProps): void {
    // The class of a log group can't be changed: another class needs another id here, which creates a new group.
    const accessLog = new LogGroup(this, 'InfrequentAccessLog', {
      logGroupClass: LogGroupClass.INFREQUENT_ACCESS,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    });
    this.httpApi.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: throttling,
      ...(this.domain && { domainMapping: { domainName: this.domain.domainName } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
  }
}

/**
 * One function behind an authorizer for each header that a key can be in: the gateway asks only when the header is there.
 * The one of a façade is made only where a route of it is.
 */
function authorizers({ called }: StageFunction): (route: Route) => IHttpRouteAuthorizer {
  const keyed = (id: string, header: string) =>
    new HttpLambdaAuthorizer(id, called, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: [`$request.header.${header}`],
      resultsCacheTtl: Duration.seconds(AUTHORIZER_CACHE_SECONDS),
    });
  const usual = keyed('Key', 'Authorization');
  const others = new Map(KEY_HEADERS.map(({ header }) => [header, keyed(`Key-${header}`, header)]));
  return ({ path }) => others.get(keyHeaderOf(path) ?? '') ?? usual;
}

/**
 * The gateway puts values into the line as they are, so a quotation mark would break the JSON: there is no path and no
 * error message here, only ids, numbers and words from fixed lists. Headers and queries may contain secrets. CloudWatch
 * adds the time.
 */
const ACCESS_LOG_FIELDS = {
  request_id: '$context.requestId',
  ip: '$context.identity.sourceIp',
  /** `POST /v1/events`; "-" for a path of no route. */
  route: '$context.routeKey',
  status: '$context.status',
  ms: '$context.responseLatency',
  /**
   * Why the gateway answered itself, such as `UNAUTHORIZED`, `THROTTLED` or `INTEGRATION_FAILURE`, and how Lambda answered
   * it: 200 also when the function refuses, 429 when it was throttled. Each is "-" without one.
   */
  error: '$context.error.responseType $context.integration.integrationStatus',
};
