import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { FIRST_DUE_SHARDS, MOST_DUE_SHARDS } from '../adapters/dynamodb/layout/shards.ts';
import { FACADES } from '../api/facades/facades.ts';
import type { PostriderProps } from './postrider-props.ts';
import { ROLLOUT_KINDS } from './rollout.ts';
import { LAMBDA_ENTRIES } from './written-in.ts';

// A CDK app in JavaScript has no compiler, and one in TypeScript can read its properties from a file. What got past here
// would be refused by CloudFormation minutes later, or by the functions when they start.

/** What those who take it check themselves, or is of any shape. */
const anything = z.unknown();
const yesOrNo = z.boolean('must be true or false');
const listed = (values: readonly string[]) => z.enum(values, `must be ${values.join(' or ')}`);
const texts = z.array(z.string('must be a text'), 'must be a list of texts');

function whole(from: number, to = Number.MAX_SAFE_INTEGER) {
  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`;
  return z
    .int(`must be a whole number ${range}`)
    .min(from, `must be a whole number ${range}`)
    .max(to, `must be a whole number ${range}`);
}

/** A construct of CDK, which has this attribute. */
function having(attribute: string, what: string) {
  return z.custom((value) => typeof value === 'object' && value !== null && attribute in value, `must be ${what}`);
}

const objectOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape, 'must be an object');

/** Lambda's limits of an event source ("Configuring scaling behavior for SQS event source mappings"). */
const concurrency = whole(2, 1000);
const certificate = having('certificateArn', 'a certificate, such as an ICertificate');
const topicArn = z.custom(
  (value) => typeof value === 'string' && (Token.isUnresolved(value) || /^arn:[\w-]+:sns:/.test(value)),
);

const shape = {
  logTtlDays: whole(1),
  maximumConcurrency: objectOf({
    deliveries: concurrency,
    retries: concurrency,
    slow: concurrency,
    jobs: concurrency,
  }).partial(),
  accountConcurrency: anything,
  reservedConcurrency: objectOf(Object.fromEntries(LAMBDA_ENTRIES.map((entry) => [entry, whole(1)]))).partial(),
  memory: objectOf({ ingest: anything, dispatch: anything }).partial(),
  throttling: objectOf({
    rateLimit: z.number('must be more than 0').gt(0, 'must be more than 0'),
    burstLimit: whole(1),
  }),
  logSampling: z.number('must be 0 to 1').min(0, 'must be 0 to 1').max(1, 'must be 0 to 1'),
  dueShards: whole(FIRST_DUE_SHARDS, MOST_DUE_SHARDS),
  requireMfa: yesOrNo,
  unknownTypes: listed(['accept', 'refuse']),
  dataCheck: listed(['off', 'warn', 'refuse']),
  maxApiKeys: whole(1),
  consoleUrl: z.string('must be a text'),
  egress: z.looseObject({ kind: listed(['lambda', 'static-ips']).optional() }, 'must be an object'),
  dialects: anything,
  facades: z.array(listed(FACADES), 'must be a list'),
  dashboard: yesOrNo,
  console: objectOf({
    frameAncestors: texts.optional(),
    domain: objectOf({ name: z.string('must be a text'), certificate }).optional(),
  }),
  alertsTopic: z.union([topicArn, having('topicArn', '')], 'must be a topic of SNS, or its ARN'),
  alertMail: objectOf({
    from: z.string('must be a mail address'),
    identity: z.string('must be a text').optional(),
    configurationSet: z.string('must be a text').optional(),
  }),
  sources: z.record(
    z.string(),
    z.looseObject({ maximumConcurrency: concurrency.optional() }, 'must be an object'),
    'must be an object',
  ),
  logRetention: z.enum(RetentionDays, 'must be one of RetentionDays'),
  removalPolicy: z.enum(RemovalPolicy, 'must be one of RemovalPolicy'),
  alarmTopic: having('topicArn', 'a topic of SNS, such as Topic.fromTopicArn returns'),
  domain: objectOf({ name: z.string('must be a text'), certificate }),
  corsOrigins: texts,
  tracing: yesOrNo,
  encryptionKey: having('keyArn', 'a key of KMS, such as Key.fromKeyArn returns'),
  vpc: having('vpcId', 'a VPC, such as Vpc.fromLookup returns'),
  vpcSubnets: anything,
  rollout: listed(ROLLOUT_KINDS),
} satisfies Record<keyof PostriderProps, z.ZodType>;

const readable = objectOf(shape).partial();

/** @throws RangeError that names each property that can't be */
export function checkReadable(props: PostriderProps): void {
  const { error } = readable.safeParse(props);
  if (!error) return;
  throw new RangeError(error.issues.flatMap((issue) => sentencesOf(issue, props)).join('; '));
}

function sentencesOf(issue: z.core.$ZodIssue, props: unknown): string[] {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...issue.path, key].join('.')} is no property of the construct`);
  return [`${place} ${issue.message}, is ${shown(valueAt(props, issue.path))}`];
}

function valueAt(props: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], props);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
