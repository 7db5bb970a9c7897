import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Lets CloudWatch Logs encrypt this account's log groups with a key ("Encrypt log data in CloudWatch Logs using AWS Key
 * Management Service"). The policy of a key from elsewhere can't be changed from here.
 * @throws RangeError in a stack without a region: a table names its key by region
 */
export function letLogsUse(scope: Construct, key: IKey): void {
  const { account, partition, region } = Stack.of(scope);
  if (Token.isUnresolved(region)) throw new RangeError('encryptionKey needs a region: give the stack its `env`');
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    }),
  );
  if (statementAdded) return;
  const sentence =
    'encryptionKey: its policy must let CloudWatch Logs use it (docs/construct.md); it is not changed here.';
  Annotations.of(scope).addWarningV2('postrider:encryption-key', sentence);
}

/**
 * What a function needs of the tables' key: DynamoDB uses it in the caller's name. Nothing else can be decrypted with this
 * right, since the calls must come by way of DynamoDB.
 */
export function tableKeyStatement(scope: Construct, key: IKey): PolicyStatement {
  const { region } = Stack.of(scope);
  return new PolicyStatement({
    actions: [
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:DescribeKey',
    ],
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}` },
    },
  });
}
