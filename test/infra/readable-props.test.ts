import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, test } from 'vitest';
import type { PostriderProps } from '../../lib/infra/postrider-props.ts';
import { checkReadable } from '../../lib/infra/readable-props.ts';
import { WITH_SOURCES, synthesize } from './synthesized.ts';

const stack = new Stack();
const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/a');
const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:1:alerts');

/** Each property once. */
const ALL: Required<PostriderProps> = {
  ...WITH_SOURCES,
  logTtlDays: 7,
  maximumConcurrency: { deliveries: 10 },
  accountConcurrency: 1000,
  reservedConcurrency: { ingest: 50 },
  memory: { dispatch: 512 },
  throttling: { rateLimit: 0.5, burstLimit: 1 },
  logSampling: 0,
  dueShards: 64,
  requireMfa: true,
  unknownTypes: 'refuse',
  dataCheck: 'warn',
  maxApiKeys: 1,
  consoleUrl: 'https://hooks.example.com/',
  egress: { kind: 'lambda', refusedHosts: ['example.com'] },
  dialects: {},
  facades: ['ventryx'],
  dashboard: false,
  console: { frameAncestors: ['self'], domain: { name: 'console.example.com', certificate } },
  alertsTopic: topic,
  alertMail: { from: 'postrider@example.com', identity: 'example.com' },
  logRetention: RetentionDays.ONE_WEEK,
  removalPolicy: RemovalPolicy.DESTROY,
  alarmTopic: topic,
  domain: { name: 'hooks.example.com', certificate },
  corsOrigins: ['https://app.example.com'],
  tracing: true,
  encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:1:key/a'),
  vpc: new Vpc(stack, 'Vpc') as IVpc,
  vpcSubnets: {},
  rollout: 'canary',
};

test('what the types allow is readable', () => {
  expect(() => checkReadable(ALL)).not.toThrow();
  expect(() => checkReadable({})).not.toThrow();
  const parameter = new CfnParameter(stack, 'AlertsTopic').valueAsString;
  for (const alertsTopic of [parameter, 'arn:aws-cn:sns:cn-north-1:1:alerts'])
    expect(() => checkReadable({ alertsTopic })).not.toThrow();
});

test.each<[name: string, value: unknown, why: string]>([
  ['logTtlDays', -1, 'must be a whole number from 1 on, is -1'],
  ['logTtlDays', '30', 'must be a whole number from 1 on, is "30"'],
  ['logTtlDays', 1.5, 'must be a whole number from 1 on, is 1.5'],
  ['logTtlDays', null, 'must be a whole number from 1 on, is null'],
  ['maximumConcurrency', 5, 'must be an object, is 5'],
  ['maximumConcurrency', { deliveries: 1 }, 'must be a whole number from 2 to 1000, is 1'],
  ['maximumConcurrency', { delivery: 5 }, 'maximumConcurrency.delivery is no property of the construct'],
  ['reservedConcurrency', { ingest: -1 }, 'reservedConcurrency.ingest must be a whole number from 1 on, is -1'],
  ['reservedConcurrency', { injest: 5 }, 'reservedConcurrency.injest is no property'],
  ['memory', { injest: 512 }, 'memory.injest is no property'],
  ['throttling', {}, 'throttling.rateLimit must be more than 0, is undefined'],
  ['throttling', { rateLimit: 5, burstLimit: 0 }, 'throttling.burstLimit must be a whole number from 1 on, is 0'],
  ['logSampling', '0.5', 'must be 0 to 1, is "0.5"'],
  ['requireMfa', 'yes', 'must be true or false, is "yes"'],
  ['unknownTypes', 'maybe', 'must be accept or refuse, is "maybe"'],
  ['dataCheck', true, 'must be off or warn or refuse, is true'],
  ['egress', 'static-ips', 'must be an object, is "static-ips"'],
  ['egress', { kind: 'nat' }, 'egress.kind must be lambda or static-ips, is "nat"'],
  ['facades', ['svix'], 'facades.0 must be veriswarm or ventryx, is "svix"'],
  ['facades', 'ventryx', 'must be a list, is "ventryx"'],
  ['dashboard', 'no', 'must be true or false, is "no"'],
  ['console', true, 'must be an object, is true'],
  ['console', { frameAncestors: 'self' }, 'console.frameAncestors must be a list of texts, is "self"'],
  ['alertsTopic', 'alerts', 'must be a topic of SNS, or its ARN, is "alerts"'],
  ['alertsTopic', 'arn:aws:sqs:eu-west-1:1:alerts', 'must be a topic of SNS, or its ARN'],
  ['alertMail', 'postrider@example.com', 'must be an object, is "postrider@example.com"'],
  ['alertMail', {}, 'alertMail.from must be a mail address, is undefined'],
  ['sources', 'orders.json', 'must be an object, is "orders.json"'],
  ['sources', { orders: { maximumConcurrency: 1 } }, 'sources.orders.maximumConcurrency must be a whole number from 2'],
  ['logRetention', 12, 'must be one of RetentionDays, is 12'],
  ['removalPolicy', 'gone', 'must be one of RemovalPolicy, is "gone"'],
  ['alarmTopic', 'arn:aws:sns:eu-west-1:1:alarms', 'must be a topic of SNS, such as Topic.fromTopicArn returns'],
  ['domain', { name: 'hooks.example.com' }, 'domain.certificate must be a certificate'],
  ['corsOrigins', 'https://app.example.com', 'must be a list of texts, is "https://app.example.com"'],
  ['tracing', 1, 'must be true or false, is 1'],
  ['encryptionKey', 'arn:aws:kms:eu-west-1:1:key/a', 'must be a key of KMS, such as Key.fromKeyArn returns'],
  ['vpc', 'vpc-1', 'must be a VPC, such as Vpc.fromLookup returns'],
  ['rollout', 'fast', 'must be replace or canary or canary-now, is "fast"'],
  ['loTtlDays', 7, 'loTtlDays is no property of the construct'],
])('%s: %o is refused at synthesis, with what it must be', (name, value, why) => {
  const refused = () => synthesize({ [name]: value });
  expect(refused).toThrow(RangeError);
  expect(refused).toThrow(why);
  expect(refused).toThrow(name);
});

test('all that is wrong is named at once', () => {
  const wrong = { logTtlDays: 0, tracing: 'yes' } as unknown as PostriderProps;
  expect(() => checkReadable(wrong)).toThrow(
    'logTtlDays must be a whole number from 1 on, is 0; tracing must be true or false, is "yes"',
  );
});
