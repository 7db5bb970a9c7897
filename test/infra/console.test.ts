import { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { pageHeaders } from '../../lib/api/http/page-headers.ts';
import type { ConsoleProps } from '../../lib/infra/console.ts';
import { builtConsole } from '../../lib/local/console/built-console.ts';
import { ofType, synthesize } from './synthesized.ts';

await builtConsole();

const PLAIN = synthesize();
const MADE = synthesize({ console: {} });
const added = Object.entries(MADE.resources).filter(([id]) => !(id in PLAIN.resources));
const one = (type: string) => {
  const [[id, { Properties }] = ['', { Properties: undefined }], ...others] = ofType(MADE.resources, type);
  expect(others).toEqual([]);
  return { id, ...Properties };
};
const distribution = () => one('AWS::CloudFront::Distribution').DistributionConfig;

test('without the property there is no console', () => {
  for (const type of ['AWS::CloudFront::Distribution', 'AWS::S3::Bucket'])
    expect(ofType(PLAIN.resources, type)).toEqual([]);
  expect(Object.keys(PLAIN.outputs)).not.toContain('ConsoleUrl');
});

test('with it, everything else of the stack stays as it is', () => {
  expect(Object.keys(MADE.resources)).toEqual(expect.arrayContaining(Object.keys(PLAIN.resources)));
});

test('its address is an output', () => {
  const { Value } = MADE.outputs.ConsoleUrl ?? {};
  const { id } = one('AWS::CloudFront::Distribution');
  expect(Value).toEqual({ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [id, 'DomainName'] }]] });
});

describe('the bucket', () => {
  test('is read by this distribution and nobody else, over TLS', () => {
    const bucket = one('AWS::S3::Bucket');
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [tls, read, ...others] = one('AWS::S3::BucketPolicy').PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(read).toMatchObject({ Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } });
    expect(JSON.stringify(read.Condition)).toContain(one('AWS::CloudFront::Distribution').id);
    expect(one('AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    });
  });

  test('goes with the stack: it holds what the build wrote', () => {
    const { id } = one('AWS::S3::Bucket');
    expect(MADE.resources[id]?.DeletionPolicy).toBe('Delete');
    for (const [, { Properties }] of ofType(MADE.resources, 'Custom::CDKBucketDeployment')) {
      expect(Properties).toMatchObject({ RetainOnDelete: false, Prune: false });
    }
  });
});

describe('the distribution', () => {
  const behaviours = () => [distribution().DefaultCacheBehavior, ...distribution().CacheBehaviors];

  test('has the API below the same address, with nothing cached and the key passed on', () => {
    const [api, ...others] = distribution().CacheBehaviors;
    expect(others).toEqual([]);
    expect(api).toMatchObject({
      PathPattern: '/v1/*',
      // AWS's own policies: "CachingDisabled" and "AllViewerExceptHostHeader".
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      AllowedMethods: expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    });
    const origin = distribution().Origins.find(({ Id }: { Id: string }) => Id === api.TargetOriginId);
    expect(JSON.stringify(origin.DomainName)).toContain('ApiEndpoint');
    expect(origin.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
  });

  test('answers over HTTPS only, all of it with the security headers of the service in one process', () => {
    const { id, ResponseHeadersPolicyConfig: policy } = one('AWS::CloudFront::ResponseHeadersPolicy');
    for (const behaviour of behaviours()) {
      expect(behaviour).toMatchObject({
        ViewerProtocolPolicy: 'redirect-to-https',
        ResponseHeadersPolicyId: { Ref: id },
      });
    }
    const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = policy;
    const sent = {
      ...Object.fromEntries(custom.Items.map(({ Header, Value }: Record<string, string>) => [Header, Value])),
      'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
      'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
      'x-frame-options': security.FrameOptions.FrameOption,
      'x-content-type-options': security.ContentTypeOptions.Override ? 'nosniff' : '',
    };
    expect(sent).toEqual(pageHeaders({ frameAncestors: ["'self'"], trustedTypes: true }));
    expect(security.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000);
  });

  test('keeps what is named by its content, and asks for the page each time', () => {
    const deployments = ofType(MADE.resources, 'Custom::CDKBucketDeployment').map(
      ([, resource]) => resource.Properties,
    );
    expect(deployments.map(({ Include, Exclude, SystemMetadata }) => [Include ?? Exclude, SystemMetadata])).toEqual([
      [['assets/*'], { 'cache-control': 'public, max-age=31536000, immutable' }],
      [['assets/*'], { 'cache-control': 'no-cache' }],
    ]);
  });
});

describe('its properties', () => {
  const headersWith = (console: ConsoleProps) => {
    const [[, policy] = []] = ofType(synthesize({ console }).resources, 'AWS::CloudFront::ResponseHeadersPolicy');
    return policy?.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
  };

  test('say who may frame it', () => {
    const { ContentSecurityPolicy, FrameOptions } = headersWith({ frameAncestors: ['https://app.example.com'] });
    expect(ContentSecurityPolicy.ContentSecurityPolicy).toContain('frame-ancestors https://app.example.com;');
    expect(FrameOptions).toBeUndefined();
    expect(headersWith({ frameAncestors: ['none'] }).FrameOptions.FrameOption).toBe('DENY');
    expect(() => synthesize({ console: { frameAncestors: ['*'] } })).toThrow("can't frame the console");
  });

  test('give it a name of its own, for which TLS 1.2 is the least', () => {
    const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/a';
    const certificate = Certificate.fromCertificateArn(new Stack(), 'Certificate', arn);
    const { app, resources, outputs } = synthesize({ console: { domain: { name: 'hooks.example.com', certificate } } });
    const [[, made] = []] = ofType(resources, 'AWS::CloudFront::Distribution');
    expect(made?.Properties.DistributionConfig).toMatchObject({
      Aliases: ['hooks.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: arn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    expect(outputs.ConsoleUrl?.Value).toBe('https://hooks.example.com');
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });
});

test('costs nothing while nobody uses it, but the storage of some files', () => {
  const types = [...new Set(added.map(([, { Type }]) => Type))].toSorted();
  expect(types).toEqual([
    'AWS::CloudFront::Distribution',
    'AWS::CloudFront::OriginAccessControl',
    'AWS::CloudFront::ResponseHeadersPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::Lambda::LayerVersion',
    'AWS::Logs::LogGroup',
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
    'Custom::CDKBucketDeployment',
  ]);
});

test('cdk-nag finds nothing that is not acknowledged with its reason', () => {
  expect(new AwsSolutionsChecks(MADE.app).validateScope(MADE.app).violations).toEqual([]);
});
