import { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import type { PostriderProps } from '../../lib/infra/postrider-props.ts';
import { functionsOf, newApp, ofType, rightsOf, synthesize } from './synthesized.ts';

const vpc = Vpc.fromVpcAttributes(new Stack(newApp(), 'Network'), 'Vpc', {
  vpcId: 'vpc-1',
  availabilityZones: ['a', 'b'],
  privateSubnetIds: ['subnet-a', 'subnet-b'],
  isolatedSubnetIds: ['subnet-i', 'subnet-j'],
}) as NonNullable<PostriderProps['vpc']>;
const { app, resources } = synthesize({ vpc });
const functions = functionsOf(resources);
const SENDING = ['dispatch', 'jobs'];

describe('a VPC of your own', () => {
  test.each(Object.keys(functions))('%s runs in its private subnets', (entry) => {
    expect(functions[entry].VpcConfig.SubnetIds).toEqual(['subnet-a', 'subnet-b']);
  });

  test('lets the functions that send out to the allowed ports, and the others to AWS alone', () => {
    const portsOf = (entry: string) => {
      const [group] = functions[entry].VpcConfig.SecurityGroupIds;
      const egress = resources[group['Fn::GetAtt'][0]]?.Properties.SecurityGroupEgress;
      return egress.map(({ FromPort, ToPort, CidrIp }: Record<string, unknown>) => [FromPort, ToPort, CidrIp]);
    };
    const { resources: open } = synthesize({ vpc, egress: { allowedPorts: ['8443-8444'] } });
    const [group] = functionsOf(open).dispatch.VpcConfig.SecurityGroupIds;
    const ports = open[group['Fn::GetAtt'][0]]?.Properties.SecurityGroupEgress.map(
      ({ FromPort }: { FromPort: number }) => FromPort,
    );
    expect(ports).toEqual([8443, 443]);
    for (const entry of Object.keys(functions)) expect(portsOf(entry), entry).toContainEqual([443, 443, '0.0.0.0/0']);
    expect(portsOf('ingest')).toHaveLength(1);
  });

  test('makes no VPC, and denies the functions’ code what Lambda does there in their name', () => {
    expect(ofType(resources, 'AWS::EC2::VPC')).toEqual([]);
    for (const entry of Object.keys(functions)) {
      expect(rightsOf(resources, entry)).toContain('not ec2:CreateNetworkInterface *');
    }
  });

  test('has no IPv6, as far as is known: only senders are told, since only they look hosts up', () => {
    const told = Object.entries(functions).filter(
      ([, { Environment }]) => 'POSTRIDER_IPV4_ONLY' in Environment.Variables,
    );
    expect(told.map(([entry]) => entry).toSorted()).toEqual(SENDING);
  });

  test('other subnets of it can be chosen', () => {
    const chosen = synthesize({ vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }).resources;
    expect(functionsOf(chosen).ingest.VpcConfig.SubnetIds).toEqual(['subnet-i', 'subnet-j']);
  });

  test('goes with no static addresses of ours, and subnets go with it only', () => {
    expect(() => synthesize({ vpc, egress: { kind: 'static-ips' } })).toThrow("egress.kind 'static-ips' makes a VPC");
    expect(() => synthesize({ vpcSubnets: { subnetType: SubnetType.PUBLIC } })).toThrow(
      'vpcSubnets goes with vpc only',
    );
  });

  test('cdk-nag finds nothing that is not acknowledged', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });
});
