import { Validations } from 'aws-cdk-lib';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { StageFunction } from './stage-function.ts';
import type { LambdaEntry } from './written-in.ts';

/** How new code takes over. */
export const ROLLOUT_KINDS = ['replace', 'canary', 'canary-now'] as const;
export type RolloutKind = (typeof ROLLOUT_KINDS)[number];

export interface RolloutProps {
  kind: Exclude<RolloutKind, 'replace'>;
  stages: Readonly<Partial<Record<LambdaEntry, StageFunction>>>;
  alarms: Alarms;
}

/**
 * Those that new code can raise within its 15 minutes; CodeDeploy takes ten at most ("Limits" of CodeDeploy, alarms of a
 * deployment group). They are the stack's, so a rollout costs no further alarm.
 */
export const ROLLBACK_ALARMS = [
  'api-faults',
  'ingest-latency',
  'faults',
  'losses',
  'poison',
  'dispatch-errors',
  'jobs-errors',
  'sweep-errors',
] as const;

/** Moves the alias of each function to its new version by CodeDeploy (docs/adr/0070-new-code-by-canary.md). */
export class Rollout extends Construct {
  constructor(scope: Construct, id: string, { kind, stages, alarms }: RolloutProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'AWS’s own policy for this service is what its documentation asks for.',
    });
    const how =
      kind === 'canary'
        ? { deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES, alarms: alarms.named(ROLLBACK_ALARMS) }
        : { deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE };
    for (const [entry, stage] of Object.entries(stages)) {
      const { alias } = stage;
      if (!alias) throw new Error(`${entry} has no alias to move.`);
      void new LambdaDeploymentGroup(this, entry, { application, role, alias, ...how });
    }
  }
}
