import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { ROLLBACK_ALARMS } from '../../lib/infra/rollout.ts';
import { type Resource, WITH_SOURCES, entryOf, functionsOf, ofType, root, synthesize } from './synthesized.ts';

const { app, resources } = synthesize({ ...WITH_SOURCES, rollout: 'canary' });
const aliases = ofType(resources, 'AWS::Lambda::Alias');
const groups = ofType(resources, 'AWS::CodeDeploy::DeploymentGroup').map(([, { Properties }]) => Properties);
const isAlias = (value: unknown) => aliases.some(([id]) => JSON.stringify(value).includes(`"${id}"`));

/** What calls a function, by type, and the property that names it. */
const CALLS: Readonly<Record<string, (properties: Resource['Properties']) => unknown>> = {
  'AWS::ApiGatewayV2::Integration': ({ IntegrationUri }) => IntegrationUri,
  'AWS::ApiGatewayV2::Authorizer': ({ AuthorizerUri }) => AuthorizerUri,
  'AWS::Lambda::EventSourceMapping': ({ FunctionName }) => FunctionName,
  'AWS::Lambda::Permission': ({ FunctionName }) => FunctionName,
};

describe('a canary', () => {
  test('has an alias for each function, which CodeDeploy moves', () => {
    expect(aliases.map(([id]) => /^Postrider([A-Z][a-z]+)Live/.exec(id)?.[1]?.toLowerCase()).toSorted()).toEqual(
      Object.keys(functionsOf(resources)).toSorted(),
    );
    for (const [, alias] of aliases) {
      expect(alias).toMatchObject({ UpdatePolicy: { CodeDeployLambdaAliasUpdate: expect.anything() } });
    }
    expect(groups).toHaveLength(aliases.length);
  });

  test.each(Object.entries(CALLS))('every %s calls an alias: new code has its share of all work', (type, named) => {
    const found = ofType(resources, type);
    expect(found.length).toBeGreaterThan(0);
    for (const [id, { Properties }] of found) expect(isAlias(named(Properties)), id).toBe(true);
  });

  test('the schedule calls the alias of sweep', () => {
    const scheduled = ofType(resources, 'AWS::Events::Rule').filter(
      ([, { Properties }]) => Properties.ScheduleExpression,
    );
    expect(scheduled.map(([, { Properties }]) => isAlias(Properties.Targets[0].Arn))).toEqual([true]);
  });

  test('has a tenth of the invocations for a quarter of an hour, and goes back when an alarm rises', () => {
    for (const group of groups) {
      expect(JSON.stringify(group.DeploymentConfigName)).toContain('LambdaCanary10Percent15Minutes');
      expect(group.AutoRollbackConfiguration).toMatchObject({ Enabled: true });
      expect(group.AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
      const watched = group.AlarmConfiguration.Alarms.map(({ Name }: { Name: { Ref: string } }) => resources[Name.Ref]);
      const names = watched.map(({ Properties }: Resource) => Properties.AlarmName.replace('Postrider-', ''));
      expect(names).toEqual(ROLLBACK_ALARMS);
    }
    // CodeDeploy takes ten for a group.
    expect(ROLLBACK_ALARMS.length).toBeLessThanOrEqual(10);
  });

  test('goes by the alarms that the page names', () => {
    const page = readFileSync(join(root, 'docs/construct.md'), 'utf8');
    const [, list = ''] = /goes back to the old version when one of these alarms([^.]+)\./.exec(page) ?? [];
    expect([...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name).toSorted()).toEqual(ROLLBACK_ALARMS.toSorted());
  });

  test('can see a fault that lasts: no alarm it goes by looks at more than its 15 minutes, but for those of half an hour', () => {
    const seconds = ROLLBACK_ALARMS.map((name) => {
      const [, found] = ofType(resources, 'AWS::CloudWatch::Alarm').find(
        ([, { Properties }]) => Properties.AlarmName === `Postrider-${name}`,
      ) as [string, Resource];
      const { Period, DatapointsToAlarm, EvaluationPeriods } = found.Properties;
      return Period * (DatapointsToAlarm ?? EvaluationPeriods);
    });
    for (const each of seconds) expect(each).toBeLessThanOrEqual(15 * 60);
  });

  test('an old sweep is not repeated either', () => {
    const [[, invoke] = []] = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
    expect(invoke?.Properties.MaximumRetryAttempts).toBe(0);
    expect(invoke?.Properties.Qualifier).not.toBe('$LATEST');
  });

  test('cdk-nag finds nothing that is not acknowledged with its reason', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });
});

test('canary-now moves the same aliases at once, whatever alarms say', () => {
  const now = synthesize({ ...WITH_SOURCES, rollout: 'canary-now' }).resources;
  expect(ofType(now, 'AWS::Lambda::Alias').map(([id]) => id)).toEqual(aliases.map(([id]) => id));
  for (const [, { Properties }] of ofType(now, 'AWS::CodeDeploy::DeploymentGroup')) {
    expect(JSON.stringify(Properties.DeploymentConfigName)).toContain('LambdaAllAtOnce');
    expect(Properties.AlarmConfiguration?.Alarms ?? []).toEqual([]);
  }
});

test('replace, the default, has neither versions nor aliases', () => {
  const plain = synthesize().resources;
  for (const type of ['AWS::Lambda::Version', 'AWS::Lambda::Alias', 'AWS::CodeDeploy::DeploymentGroup'])
    expect(ofType(plain, type), type).toEqual([]);
  expect(
    ofType(plain, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => entryOf(Properties.FunctionName.Ref)),
  ).toContain('dispatch');
});
