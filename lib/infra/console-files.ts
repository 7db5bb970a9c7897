import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, type BucketDeploymentProps, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { ConsoleConfig } from '../domain/console-settings.ts';

const DIST = resolve(import.meta.dirname, '../../console/dist');
const ASSETS = 'assets/*';
/** A deployment has no page with the reference of its API. */
const CONFIG: ConsoleConfig = { api: './', docs: null };

interface LogOf {
  logRetention: RetentionDays;
  encryptionKey: IKey | undefined;
}

/**
 * Copies the built console into its bucket. What is named by its content may be cached for ever, and stays after an
 * upgrade, so that pages that are open find it; the page itself is asked for each time.
 */
export class ConsoleFiles extends Construct {
  private readonly log: LogGroup;

  constructor(scope: Construct, id: string, bucket: IBucket, { logRetention, encryptionKey }: LogOf) {
    super(scope, id);
    if (!existsSync(join(DIST, 'index.html')))
      throw new Error('The console is not built: run "npm run build:console".');
    this.log = new LogGroup(this, 'Log', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    });
    const assets = this.deploy('Assets', bucket, {
      sources: [Source.asset(DIST)],
      exclude: ['*'],
      include: [ASSETS],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = this.deploy('Page', bucket, {
      sources: [Source.asset(DIST), Source.jsonData('config.json', CONFIG)],
      exclude: [ASSETS],
      cacheControl: [CacheControl.noCache()],
    });
    // A page never names files that are not there yet.
    page.node.addDependency(assets);
    acknowledgeCopying(page.handlerRole, bucket);
  }

  private deploy(
    id: string,
    destinationBucket: IBucket,
    props: Omit<BucketDeploymentProps, 'destinationBucket'>,
  ): BucketDeployment {
    return new BucketDeployment(this, id, {
      ...props,
      destinationBucket,
      prune: false,
      // The bucket goes with the stack, and must be empty then.
      retainOnDelete: false,
      logGroup: this.log,
    });
  }
}

/** Which wildcards CDK gives the function that copies the files, in the words of cdk-nag. */
function acknowledgeCopying(role: IRole, bucket: IBucket): void {
  const actions = ['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map((name) => `Action::s3:${name}*`);
  const ownBucket = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  const resources = [`<${ownBucket}.Arn>/*`, `arn:<AWS::Partition>:s3:::${ASSET_BUCKET}/*`].map(
    (of) => `Resource::${of}`,
  );
  const managed = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const found = [...[...actions, ...resources].map((finding) => `IAM5[${finding}]`), `IAM4[${managed}]`, 'L1'];
  for (const rule of found) {
    Validations.of(role.node.scope ?? role).acknowledge({
      id: `AwsSolutions-${rule}`,
      reason: 'CDK’s own function: it copies the files of the console at a deployment, and only those.',
    });
  }
}

/** As `cdk bootstrap` names it, unless it is told another qualifier. */
const ASSET_BUCKET = 'cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>';
