import { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { HEADERS } from '../../lib/api/openapi/headers.ts';
import { routes } from '../../lib/api/routes.ts';
import type { PostriderProps } from '../../lib/infra/postrider-props.ts';
import { builtConsole } from '../../lib/local/console/built-console.ts';
import { ofType, synthesize } from './synthesized.ts';

const arn = 'arn:aws:acm:eu-central-1:111122223333:certificate/a';
const certificate = Certificate.fromCertificateArn(new Stack(), 'Certificate', arn);
const domain = { name: 'hooks.example.com', certificate };
const apiOf = (props: PostriderProps) =>
  ofType(synthesize(props).resources, 'AWS::ApiGatewayV2::Api')[0]?.[1].Properties;

describe('a name of your own for the API', () => {
  const { app, resources, outputs } = synthesize({ domain });

  test('has its certificate and TLS 1.2, and leads to the stage', () => {
    const [[id, name] = []] = ofType(resources, 'AWS::ApiGatewayV2::DomainName');
    expect(name?.Properties).toMatchObject({
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [{ CertificateArn: arn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    });
    const [[, mapping] = []] = ofType(resources, 'AWS::ApiGatewayV2::ApiMapping');
    expect(mapping?.Properties).toMatchObject({ DomainName: { Ref: id }, Stage: '$default' });
  });

  test('is the only one: the name that AWS gave answers no more', () => {
    const [[, api] = []] = ofType(resources, 'AWS::ApiGatewayV2::Api');
    expect(api?.Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(outputs.ApiUrl?.Value).toBe('https://hooks.example.com');
    expect(outputs.ApiDomainTarget?.Value['Fn::GetAtt'][1]).toBe('RegionalDomainName');
  });

  test('is where the console’s calls go', async () => {
    await builtConsole();
    const { resources: made } = synthesize({ domain, console: {} });
    const [[, distribution] = []] = ofType(made, 'AWS::CloudFront::Distribution');
    const names = distribution?.Properties.DistributionConfig.Origins.map(
      ({ DomainName }: { DomainName: string }) => DomainName,
    );
    expect(names).toContain('hooks.example.com');
    const same = { domain, console: { domain } };
    expect(() => synthesize(same)).toThrow('domain and console.domain must be two names');
  });

  test.each(['https://hooks.example.com', 'hooks', 'Hooks.example.com', 'hooks.example.com/v1', ''])(
    '%j is refused',
    (name) => {
      expect(() => synthesize({ domain: { name, certificate } })).toThrow('domain.name must be the name of a host');
    },
  );

  test('cdk-nag finds nothing', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });
});

describe('pages of other origins', () => {
  const cors = (props: PostriderProps) => apiOf(props).CorsConfiguration;

  test('may not call the API unless they are listed', () => {
    expect(cors({})).toBeUndefined();
    expect(cors({ corsOrigins: [] })).toBeUndefined();
  });

  test('that are listed may call every route, send what it reads and read what it answers, without cookies', () => {
    const allowed = cors({ corsOrigins: ['https://app.example.com', 'http://localhost:5173'] });
    expect(allowed.AllowOrigins).toEqual(['https://app.example.com', 'http://localhost:5173']);
    expect(allowed.AllowCredentials).toBeUndefined();
    // A browser asks first, once an hour and not before each call.
    expect(allowed.MaxAge).toBe(3600);
    expect(allowed.AllowMethods.toSorted()).toEqual([...new Set(routes.map(({ method }) => method))].toSorted());
    const read = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'postrider-mfa', 'postrider-tenant'];
    expect(allowed.AllowHeaders).toEqual(expect.arrayContaining(read));
    expect(allowed.ExposeHeaders).toEqual(Object.keys(HEADERS).map((name) => name.toLowerCase()));
  });

  test('may send the key header of a façade only where it is switched on', () => {
    const corsOrigins = ['https://app.example.com'];
    expect(cors({ corsOrigins }).AllowHeaders).not.toContain('x-account-access-token');
    expect(cors({ corsOrigins, facades: ['veriswarm'] }).AllowHeaders).toContain('x-account-access-token');
  });

  test.each(['*', 'https://*', 'http://app.example.com', 'https://app.example.com/', 'app.example.com', 'null'])(
    '%j is refused',
    (origin) => {
      expect(() => synthesize({ corsOrigins: [origin] })).toThrow('must be an origin');
    },
  );
});
