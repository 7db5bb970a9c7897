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
import { LogGroup, LogGroupClass, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../api/route.ts';
import { routes } from '../api/routes.ts';
import type { StageFunction } from './stage-function.ts';

export interface Throttling {
  /** Requests a second that the API takes in the long run. */
  rateLimit: number;
  /** Requests that it takes at once. */
  burstLimit: number;
}

export interface ApiProps {
  functions: Readonly<Record<Route['lambda'], StageFunction>>;
  authorizer: StageFunction;
  throttling: Throttling;
  logRetention: RetentionDays;
}

/**
 * Seconds: how much longer a deleted key may work, and a key that was tried before it was made may not. One cache
 * serves all routes, so that scopes are checked behind it.
 */
const AUTHORIZER_CACHE_SECONDS = 10;

/** The HTTP API, route by route from the table of routes. */
export class Api extends Construct {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.httpApi = new HttpApi(this, 'HttpApi', { createDefaultStage: false, description: 'Postrider' });
    this.addRoutes(props);
    this.addStage(props);
  }

  private addRoutes({ functions, authorizer }: ApiProps): void {
    const keyed = new HttpLambdaAuthorizer('Key', authorizer.lambda, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(AUTHORIZER_CACHE_SECONDS),
    });
    const integrations = new Map<Route['lambda'], HttpLambdaIntegration>();
    for (const route of routes) {
      const integration =
        integrations.get(route.lambda) ??
        // One permission a function, not one a route: a function's policy has room for 20 KB.
        new HttpLambdaIntegration(route.lambda, functions[route.lambda].lambda, { scopePermissionToRoute: false });
      integrations.set(route.lambda, integration);
      this.addRoute(route, integration, route.scope === null ? new HttpNoneAuthorizer() : keyed);
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

  private addStage({ throttling, logRetention }: ApiProps): void {
    // The class of a group cannot be changed: another class needs another id here, which makes a new group.
    const accessLog = new LogGroup(this, 'InfrequentAccessLog', {
      logGroupClass: LogGroupClass.INFREQUENT_ACCESS,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.httpApi.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: throttling,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
  }
}

/**
 * No header and no query is logged: they may carry what is secret. CloudWatch notes the time itself, method and path
 * tell the route, and the API's metrics have the time of the functions.
 */
const ACCESS_LOG_FIELDS = {
  request_id: '$context.requestId',
  ip: '$context.identity.sourceIp',
  request: '$context.httpMethod $context.path',
  status: '$context.status',
  ms: '$context.responseLatency',
  // Of the function, then of the authorizer: "-" each where all is well.
  error: '$context.integrationErrorMessage $context.authorizer.error',
};
