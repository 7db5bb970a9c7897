import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PostriderStack } from '../../lib/infra/postrider-stack.ts';
import type { PostriderProps } from '../../lib/infra/postrider-props.ts';

export const root = join(import.meta.dirname, '../..');

/** What stands in a template is JSON of any shape: a test says which part of it it expects. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

export interface Resource {
  Type: string;
  Properties: Json;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The logical ids that must never change: a new id is a new, empty table or queue, and a lost key. */
export const STATEFUL_IDS: Readonly<Record<string, string>> = {
  PostriderStatefulTablesConfig567BBD83: 'table config',
  PostriderStatefulTablesLog463326E0: 'table log',
  PostriderStatefulQueuesDeliveries7635C781: 'queue deliveries',
  PostriderStatefulQueuesRetries948DCB50: 'queue retries',
  PostriderStatefulQueuesSlow7B9E0CF6: 'queue slow',
  PostriderStatefulQueuesJobs814274B9: 'queue jobs',
  PostriderStatefulQueuesExhausted86ACEC51: 'queue exhausted',
  PostriderStatefulQueuesPoisonEB482E09: 'queue poison',
  PostriderStatefulKey04D58E1A: 'key',
};

/** The app as `cdk.json` has it made, unless its context differs. `cdk synth` checks CloudFormation's rules. */
export function newApp(props: { outdir?: string; context?: Json } = {}): App {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Json };
  const quick = { builtinCloudFormationValidation: false, stackTraces: false };
  return new App({ ...props, ...quick, context: { ...context, ...props.context } });
}

/** The stack without the functions' code, which takes time to bundle. What it writes is read, then removed. */
export function synthesize(props: PostriderProps = {}, prepare: (stack: PostriderStack) => void = () => {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'postrider-template-'));
  try {
    const app = newApp({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new PostriderStack(app, 'Postrider', props);
    prepare(stack);
    const template: Json = Template.fromStack(stack).toJSON();
    const resources = template.Resources as Record<string, Resource>;
    return { app, resources, outputs: template.Outputs as Record<string, { Value: Json }> };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A deployment with a source of each kind. */
export const WITH_SOURCES = {
  sources: {
    orders: {
      eventBridge: { pattern: { source: ['com.example.shop'] }, bus: 'shop' },
      fields: [{ name: 'tenant_id', from: 'detail.account.id' }],
    },
    billing: { queue: 'arn:aws:sqs:eu-central-1:123456789012:billing' },
  },
} as const satisfies PostriderProps;

export function ofType(resources: Record<string, Resource>, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** `dispatch` for the logical id of Dispatch's function, role or log group. */
export function entryOf(logicalId: string): string {
  return (/^Postrider([A-Z][a-z]+?)(?:Function|Role|Log)/.exec(logicalId)?.[1] ?? logicalId).toLowerCase();
}

/** What a Ref, a GetAtt or a Join of them points at, in our words: `queue retries`, `table log/index/by_status`. */
export function pointedAt(value: Json): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map(pointedAt).join('');
  const id: string = value.Ref ?? value['Fn::GetAtt'][0];
  return STATEFUL_IDS[id] ?? id;
}

/** The functions by the name of their entry in `lambdas/`. */
export function functionsOf(resources: Record<string, Resource>): Record<string, Json> {
  const functions = ofType(resources, 'AWS::Lambda::Function');
  return Object.fromEntries(functions.map(([id, { Properties }]) => [entryOf(id), Properties]));
}

/** All that a function may do, a line a right: `sqs:SendMessage queue retries`. Its own log group is `its log`. */
export function rightsOf(resources: Record<string, Resource>, entry: string): string[] {
  const roleId = functionsOf(resources)[entry].Role['Fn::GetAtt'][0] as string;
  const policies = ofType(resources, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  const statements: Json[] = policies
    .filter(({ Roles }) => Roles.some(({ Ref }: Json) => Ref === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .flatMap(({ Action, Resource, Effect, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((target) => {
          const name = pointedAt(target);
          const isOwnLog = resources[name]?.Type === 'AWS::Logs::LogGroup' && entryOf(name) === entry;
          return `${Effect === 'Allow' ? '' : 'not '}${action} ${isOwnLog ? 'its log' : name}${conditionIn(Condition)}`;
        }),
      ),
    )
    .toSorted();
}

/**
 * ` of KEY#*, TENANTS#*` for the condition that a right is for these partitions of a table only, with `: a, b` for these
 * attributes; ` of service=postrider` for an encryption context; nothing for the condition that a call is made by the
 * function's code.
 */
function conditionIn(condition: Json): string {
  if (condition === undefined || condition.Null?.['lambda:SourceFunctionArn'] !== undefined) return '';
  const [[operator, keys] = ['', {}], ...others] = Object.entries<Json>(condition);
  const { 'dynamodb:LeadingKeys': patterns, 'dynamodb:Attributes': attributes, ...context } = keys;
  const list = (texts: string | string[]) => [texts].flat().toSorted().join(', ');
  if (others.length === 0 && operator === 'ForAllValues:StringLike' && patterns && Object.keys(context).length === 0) {
    return ` of ${list(patterns)}${attributes ? `: ${list(attributes)}` : ''}`;
  }
  const [[name = '', value] = []] = Object.entries<Json>(context);
  const isContext = name.startsWith('kms:EncryptionContext:') && Object.keys(keys).length === 1;
  if (others.length > 0 || operator !== 'StringEquals' || !isContext)
    throw new Error(`not judged: ${JSON.stringify(condition)}`);
  return ` of ${name.replace('kms:EncryptionContext:', '')}=${value}`;
}
