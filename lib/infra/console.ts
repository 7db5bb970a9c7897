import { Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { pageHeaders } from '../api/http/page-headers.ts';
import { readFrameAncestors } from '../domain/console-settings.ts';
import { ConsoleFiles } from './console-files.ts';

/** What it needs of the rest of the service. */
interface ConsoleOf {
  apiUrl: string;
  logRetention: RetentionDays;
  encryptionKey: IKey | undefined;
}

export interface ConsoleProps {
  /**
   * Who may show the console in a frame: origins such as `https://app.example.com`, `self`, or `none` alone. Default: self.
   */
  frameAncestors?: readonly string[];
  /**
   * A name of your own for the console, with its certificate, which must be in us-east-1. The name's DNS record is
   * yours to make. Default: a name of CloudFront's.
   */
  domain?: { name: string; certificate: ICertificate };
}

/**
 * The console for people, and the API below the same address, so that the page's calls stay on its own origin: files from
 * a private bucket, `/v1` from the gateway.
 */
export class Console extends Construct {
  /** Without a slash at the end. */
  readonly url: string;
  readonly files: ConsoleFiles;

  constructor(
    scope: Construct,
    id: string,
    { frameAncestors, domain, apiUrl, logRetention, encryptionKey }: ConsoleProps & ConsoleOf,
  ) {
    super(scope, id);
    const bucket = this.makeBucket();
    const headers = securityHeaders(this, readFrameAncestors(frameAncestors ?? ['self']));
    const shared: Partial<BehaviorOptions> = {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: headers,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Postrider: console',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        ...shared,
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      },
      additionalBehaviors: {
        '/v1/*': {
          ...shared,
          origin: new HttpOrigin(hostOf(apiUrl), { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          // Without a cache, this policy passes on `Authorization` too ("Control origin requests with a policy").
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
      ...(domain && {
        domainNames: [domain.name],
        certificate: domain.certificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    acknowledge(distribution, domain !== undefined);
    this.files = new ConsoleFiles(this, 'Files', bucket, { logRetention, encryptionKey });
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}`;
  }

  /** It holds what the build wrote and nothing else, so it goes with the stack. */
  private makeBucket(): IBucket {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the files of the console, which are the same for everybody, and only CloudFront reads it.',
    });
    // `Bucket` may have an undefined property that `IBucket` may not: a matter of their types alone.
    return bucket as IBucket;
  }
}

/** Without the scheme, as an origin is named. */
function hostOf(url: string): string {
  return Fn.select(2, Fn.split('/', url));
}

/** The same as of the service in one process; a browser that has been here comes back by HTTPS only. */
function securityHeaders(scope: Construct, frameAncestors: readonly string[]): ResponseHeadersPolicy {
  const headers = pageHeaders({ frameAncestors, trustedTypes: true });
  const isCustom = (name: string) => name.startsWith('cross-origin-');
  const frameOption = FRAME_OPTIONS[headers['x-frame-options'] ?? ''];
  return new ResponseHeadersPolicy(scope, 'Headers', {
    comment: 'Postrider: console',
    customHeadersBehavior: {
      customHeaders: Object.entries(headers)
        .filter(([name]) => isCustom(name))
        .map(([header, value]) => ({ header, value, override: true })),
    },
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: headers['content-security-policy'] ?? '', override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      ...(frameOption && { frameOptions: { frameOption, override: true } }),
    },
  });
}

const FRAME_OPTIONS: Readonly<Record<string, HeadersFrameOption>> = {
  DENY: HeadersFrameOption.DENY,
  SAMEORIGIN: HeadersFrameOption.SAMEORIGIN,
};

function acknowledge(distribution: Distribution, hasOwnName: boolean): void {
  const reasons = {
    CFR1: 'Customers are wherever they are.',
    CFR2: 'Behind it are public files and an API that asks for a key; a firewall costs money each month.',
    CFR3: 'The gateway has a log of all calls of the API; the files are the same for everybody.',
    ...(!hasOwnName && { CFR4: 'A name of CloudFront’s own takes no minimum version; with `domain` it is TLS 1.2.' }),
  };
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(distribution).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}
