import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { PostriderStack } from '../../lib/infra/postrider-stack.ts';
import { entryOf, functionsOf, newApp, ofType, synthesize } from './synthesized.ts';

const env = { account: '111122223333', region: 'eu-central-1' };
const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

/** Of who calls it ("How DynamoDB uses AWS KMS", "Authorizing use of your KMS key"). */
const NEEDED_BY_DYNAMODB = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
/** "Encrypt log data in CloudWatch Logs using AWS Key Management Service" */
const NEEDED_BY_LOGS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** In an app with a stack of its own for the key, as an operator would have it. */
function withOwnKey() {
  const app = newApp({ context: { 'aws:cdk:bundling-stacks': [] } });
  const keys = new Stack(app, 'Keys', { env });
  const key = new Key(keys, 'Data', { enableKeyRotation: true });
  const stack = new PostriderStack(app, 'Postrider', { env, encryptionKey: key });
  return { app, keys, stack };
}

describe('a key of your own', () => {
  const imported = (scope: Stack) => Key.fromKeyArn(scope, 'Key', ARN);
  const holder = new Stack(newApp(), 'Holder');
  const { app, resources } = synthesize({ env, encryptionKey: imported(holder) } as never);

  test('encrypts both tables', () => {
    const tables = ofType(resources, 'AWS::DynamoDB::GlobalTable');
    expect(tables).toHaveLength(2);
    for (const [, { Properties }] of tables) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      expect(Properties.Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: ARN });
    }
  });

  test('encrypts every log, the access log too', () => {
    const logs = ofType(resources, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(Object.keys(functionsOf(resources)).length + 1);
    for (const [id, { Properties }] of logs) expect(Properties.KmsKeyId, id).toBe(ARN);
  });

  test('is used by each function by way of DynamoDB alone', () => {
    const using = ofType(resources, 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
      const statements = Properties.PolicyDocument.Statement.filter(
        ({ Resource }: { Resource: unknown }) => Resource === ARN,
      );
      for (const { Action, Condition } of statements) {
        expect(Condition).toEqual({ StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } });
        expect(Action.toSorted()).toEqual(NEEDED_BY_DYNAMODB);
      }
      return statements.length > 0 ? [entryOf(Properties.Roles[0].Ref)] : [];
    });
    expect(using.toSorted()).toEqual(Object.keys(functionsOf(resources)).toSorted());
  });

  test('is used by the name that DynamoDB has in China', () => {
    const region = 'cn-north-1';
    const made = synthesize({
      env: { ...env, region },
      encryptionKey: imported(new Stack(newApp(), 'Holder')),
    } as never);
    expect(JSON.stringify(made.resources)).toContain('"kms:ViaService":"dynamodb.cn-north-1.amazonaws.com.cn"');
  });

  test('leaves the ids of tables, queues and key as they are', () => {
    const plain = synthesize().resources;
    const ids = (all: typeof plain) => Object.keys(all).filter((id) => id.startsWith('PostriderStateful'));
    expect(ids(resources)).toEqual(ids(plain));
  });

  test('cdk-nag finds nothing', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });
});

test('the policy of a key of the same app lets CloudWatch Logs use it for this account’s logs', () => {
  const { app } = withOwnKey();
  const { template } = app.synth().getStackByName('Keys');
  const [[, key] = []] = ofType(template.Resources, 'AWS::KMS::Key');
  const ofLogs = key?.Properties.KeyPolicy.Statement.filter(
    ({ Principal }: { Principal: { Service?: string } }) => Principal.Service !== undefined,
  );
  expect(ofLogs).toEqual([
    expect.objectContaining({
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Condition: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:log-group:*' },
      },
    }),
  ]);
  expect(ofLogs[0].Action.toSorted()).toEqual(NEEDED_BY_LOGS);
});

test('of a key from elsewhere, whose policy is out of reach, the synthesis says so', () => {
  const app = newApp({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new PostriderStack(app, 'Postrider', {
    env,
    encryptionKey: Key.fromKeyArn(new Stack(app, 'Keys'), 'Key', ARN),
  });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('its policy must let CloudWatch Logs use it'));
});

test('without a region it is refused', () => {
  const stack = new Stack(newApp(), 'Keys');
  expect(() => synthesize({ encryptionKey: Key.fromKeyArn(stack, 'Key', ARN) })).toThrow(
    'encryptionKey needs a region',
  );
});
