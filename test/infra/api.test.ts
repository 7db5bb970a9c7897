import { describe, expect, test } from 'vitest';
import { FACADES } from '../../lib/api/facades/facades.ts';
import { keyHeaderOf } from '../../lib/api/facades/key-headers.ts';
import { routes } from '../../lib/api/routes.ts';
import { entryOf, functionsOf, ofType, pointedAt, synthesize } from './synthesized.ts';

const { resources } = synthesize({ throttling: { rateLimit: 70, burstLimit: 90 }, facades: FACADES });
const functions = functionsOf(resources);
const deployed = new Map(
  ofType(resources, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
    Properties.RouteKey as string,
    Properties,
  ]),
);
/** The authorizers by the headers that they read. */
const authorizers = new Map(
  ofType(resources, 'AWS::ApiGatewayV2::Authorizer').map(([id, { Properties }]) => [
    String(Properties.IdentitySource).replace('$request.header.', ''),
    { id, Properties },
  ]),
);

/** The entry in `lambdas/` of the function whose ARN stands somewhere in a value. */
function functionIn(value: unknown): string | undefined {
  const id = /"(Postrider\w+Function\w+)"/.exec(JSON.stringify(value))?.[1];
  return id === undefined ? undefined : entryOf(id);
}

const keysOf = (some: typeof routes) => some.map(({ method, path }) => `${method} ${path}`).toSorted();

test('the API has the routes of the table, and no others', () => {
  expect([...deployed.keys()].toSorted()).toEqual(keysOf(routes));
});

test('the routes of a façade, and its authorizer, are there only where it is switched on', () => {
  const routesWith = (facades: readonly (typeof FACADES)[number][]) => {
    const { resources: made } = synthesize({ facades });
    const keys = ofType(made, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey as string);
    const headers = ofType(made, 'AWS::ApiGatewayV2::Authorizer').flatMap(([, one]) => one.Properties.IdentitySource);
    return { keys: keys.toSorted(), headers };
  };
  const own = routes.filter(({ facade }) => facade === undefined);
  const ventryx = routes.filter(({ facade }) => facade === undefined || facade === 'ventryx');
  const usual = ['$request.header.Authorization'];
  expect(routesWith([])).toEqual({ keys: keysOf(own), headers: usual });
  expect(routesWith(['ventryx'])).toEqual({ keys: keysOf(ventryx), headers: usual });
});

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (key, route) => {
  test('is served by its function, called with payload format 2.0', () => {
    const integrationId = pointedAt(deployed.get(key).Target).replace('integrations/', '');
    const integration = resources[integrationId]?.Properties;
    expect(functionIn(integration.IntegrationUri)).toBe(route.lambda);
    expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
  });

  test(route.scope === null ? 'is public' : 'asks the authorizer', () => {
    const { AuthorizationType, AuthorizerId } = deployed.get(key);
    const header = keyHeaderOf(route.path) ?? 'Authorization';
    const expected = route.scope === null ? ['NONE', undefined] : ['CUSTOM', { Ref: authorizers.get(header)?.id }];
    expect([AuthorizationType, AuthorizerId]).toEqual(expected);
  });
});

test('there is an authorizer for each header that a key can be in', () => {
  expect([...authorizers.keys()].toSorted()).toEqual(['Authorization', 'x-account-access-token']);
});

test.each([...authorizers])('the authorizer gives simple answers by %s, remembered for at most 10 s', (header, one) => {
  expect(functionIn(one.Properties.AuthorizerUri)).toBe('authorizer');
  expect(one.Properties).toMatchObject({
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    IdentitySource: [`$request.header.${header}`],
    AuthorizerResultTtlInSeconds: 10,
  });
});

test('the gateway may call the functions of routes and the authorizer, and only this gateway', () => {
  const permissions = ofType(resources, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  const ofGateway = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
  const called = ofGateway.map(({ FunctionName }) => functionIn(FunctionName));
  expect(called.toSorted()).toEqual(
    [...new Set(routes.map(({ lambda }) => lambda)), ...[...authorizers].map(() => 'authorizer')].toSorted(),
  );
  for (const { SourceArn } of ofGateway) expect(JSON.stringify(SourceArn)).toContain('{"Ref":"PostriderApiHttpApi');
});

test('a function of a route ends before the gateway gives up, ingest within the 28 s that a repeated post counts on', () => {
  for (const { lambda } of routes) expect(functions[lambda].Timeout, lambda).toBeLessThan(30);
  expect(functions.ingest.Timeout).toBe(28);
});

/**
 * Ids, numbers, addresses, and words from lists of API Gateway's or ours ("Customize HTTP API access logs"). A path and an
 * error message are free texts.
 */
const FIXED_ALPHABET = new Set([
  '$context.requestId',
  '$context.identity.sourceIp',
  '$context.routeKey',
  '$context.status',
  '$context.responseLatency',
  '$context.error.responseType',
  '$context.integration.integrationStatus',
]);

describe('the stage', () => {
  const [[, stage] = []] = ofType(resources, 'AWS::ApiGatewayV2::Stage');

  test('is throttled as asked', () => {
    expect(stage?.Properties.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 70, ThrottlingBurstLimit: 90 });
  });

  const { DestinationArn, Format } = stage?.Properties.AccessLogSettings ?? {};
  const accessLog = pointedAt(DestinationArn);

  test('writes an access log that forgets, in the class of logs that are seldom read', () => {
    expect(resources[accessLog]).toMatchObject({
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 30, LogGroupClass: 'INFREQUENT_ACCESS' },
    });
  });

  test('keeps that log from what its class does not know: filters of metrics, and subscriptions', () => {
    const filters = ['AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter'].flatMap((type) =>
      ofType(resources, type).map(([, { Properties }]) => pointedAt(Properties.LogGroupName)),
    );
    expect(filters).not.toHaveLength(0);
    expect(filters).not.toContain(accessLog);
  });

  test('writes one JSON object a line: who asked for what, how it was answered, and whose fault it was', () => {
    expect(JSON.parse(Format)).toEqual({
      request_id: '$context.requestId',
      ip: '$context.identity.sourceIp',
      route: '$context.routeKey',
      status: '$context.status',
      ms: '$context.responseLatency',
      error: '$context.error.responseType $context.integration.integrationStatus',
    });
  });

  test('writes nothing there that may hold a quotation mark: the gateway escapes none', () => {
    const used = Object.values(JSON.parse(Format) as Record<string, string>).flatMap((value) => value.split(' '));
    expect(used.filter((variable) => !FIXED_ALPHABET.has(variable))).toEqual([]);
  });
});
