import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { DEFAULT_PORTS } from '../../lib/domain/url-policy.ts';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import type { EgressProps } from '../../lib/infra/egress.ts';
import { PostriderStack } from '../../lib/infra/postrider-stack.ts';
import { functionsOf, newApp, ofType, rightsOf, synthesize } from './synthesized.ts';

const VPC_PARTS = ['AWS::EC2::VPC', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::SecurityGroup'];
const PLAIN = synthesize();
const STATIC = synthesize({ egress: { kind: 'static-ips' } });

test('without static addresses there is no VPC, which would cost money when idle', () => {
  for (const type of VPC_PARTS) expect(ofType(PLAIN.resources, type)).toEqual([]);
  expect(Object.values(functionsOf(PLAIN.resources)).map(({ VpcConfig }) => VpcConfig)).not.toContainEqual(
    expect.anything(),
  );
});

describe('with static addresses', () => {
  const { resources, outputs } = STATIC;

  test('there is a gateway a zone, each with an address that is an output', () => {
    const gateways = ofType(resources, 'AWS::EC2::NatGateway').map(([, { Properties }]) => Properties);
    const addresses = ofType(resources, 'AWS::EC2::EIP').map(([id]) => id);
    expect(gateways.map(({ AllocationId }) => AllocationId['Fn::GetAtt'])).toEqual(
      addresses.map((id) => [id, 'AllocationId']),
    );
    expect(addresses).toHaveLength(2);
    const shown = Object.values(outputs).flatMap(({ Value }) => (Value['Fn::GetAtt'] ? [Value['Fn::GetAtt']] : []));
    for (const id of addresses) expect(shown).toContainEqual([id, 'PublicIp']);
  });

  test('only the functions that send are in the VPC, behind the gateways', () => {
    const inVpc = Object.entries(functionsOf(resources)).filter(([, { VpcConfig }]) => VpcConfig);
    expect(inVpc.map(([name]) => name).toSorted()).toEqual(['dispatch', 'jobs']);
    const subnets = new Set(
      ofType(resources, 'AWS::EC2::Subnet').flatMap(([id, { Properties }]) =>
        Properties.MapPublicIpOnLaunch ? [id] : [],
      ),
    );
    expect(subnets).toEqual(new Set());
    for (const [, { VpcConfig }] of inVpc) {
      const ids: string[] = VpcConfig.SubnetIds.map(({ Ref }: { Ref: string }) => Ref);
      expect(ids).toHaveLength(2);
      for (const id of ids) expect(id).toContain('FunctionsSubnet');
    }
  });

  test('what leaves leaves to the allowed ports, and nothing comes in', () => {
    const [[, group] = [], ...others] = ofType(resources, 'AWS::EC2::SecurityGroup');
    expect(others).toEqual([]);
    expect(group?.Properties.SecurityGroupIngress).toBeUndefined();
    const rules = group?.Properties.SecurityGroupEgress as Record<string, unknown>[];
    expect(rules.map(({ CidrIp, IpProtocol, FromPort, ToPort }) => [CidrIp, IpProtocol, FromPort, ToPort])).toEqual(
      DEFAULT_PORTS.map(([first, last]) => ['0.0.0.0/0', 'tcp', first, last]),
    );
    expect(ofType(resources, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
  });

  test('no route leads to another network of the account', () => {
    const targets = ofType(resources, 'AWS::EC2::Route').map(([, { Properties }]) => [
      Properties.DestinationCidrBlock,
      Object.keys(Properties).filter((key) => key.endsWith('Id') && key !== 'RouteTableId'),
    ]);
    expect(targets).toHaveLength(4);
    for (const [destination, via] of targets) {
      expect(destination).toBe('0.0.0.0/0');
      expect([['NatGatewayId'], ['GatewayId']]).toContainEqual(via);
    }
    for (const type of [
      'AWS::EC2::VPCPeeringConnection',
      'AWS::EC2::TransitGatewayAttachment',
      'AWS::EC2::VPNGateway',
    ]) {
      expect(ofType(resources, type)).toEqual([]);
    }
    const endpoints = ofType(resources, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway']);
  });

  test('a function may be put into the VPC, and its code may not touch it', () => {
    const added = (entry: string) =>
      rightsOf(resources, entry).filter((right) => !rightsOf(PLAIN.resources, entry).includes(right));
    const actions = [
      'AssignPrivateIpAddresses',
      'CreateNetworkInterface',
      'DeleteNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'UnassignPrivateIpAddresses',
    ].map((action) => `ec2:${action} *`);
    for (const entry of ['dispatch', 'jobs']) {
      expect(added(entry)).toEqual([...actions, ...actions.map((action) => `not ${action}`)]);
    }
    for (const entry of ['ingest', 'endpoints', 'poll', 'history', 'account', 'authorizer', 'sweep']) {
      expect(added(entry)).toEqual([]);
    }
    const denials = ofType(resources, 'AWS::IAM::Policy')
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Effect: string; Condition?: unknown }[])
      .filter(({ Effect }) => Effect === 'Deny');
    expect(denials.map(({ Condition }) => Condition)).toEqual(
      Array.from({ length: 2 }, () => ({ Null: { 'lambda:SourceFunctionArn': 'false' } })),
    );
  });

  test('the functions in the VPC ask for IPv4 addresses only, because nothing else can be reached from it', () => {
    const told = (template: typeof STATIC) =>
      Object.entries(functionsOf(template.resources))
        .filter(([, { Environment }]) => Environment.Variables.POSTRIDER_IPV4_ONLY === 'true')
        .map(([name]) => name);
    expect(told(STATIC).toSorted()).toEqual(['dispatch', 'jobs']);
    expect(told(PLAIN)).toEqual([]);
    expect(JSON.stringify(ofType(resources, 'AWS::EC2::VPC'))).not.toContain('Ipv6');
    expect(ofType(resources, 'AWS::EC2::VPCCidrBlock')).toEqual([]);
  });

  test('one gateway is enough for who wants it cheaper', () => {
    const { resources: one } = synthesize({ egress: { kind: 'static-ips', natGateways: 1 } });
    expect(ofType(one, 'AWS::EC2::NatGateway')).toHaveLength(1);
    expect(ofType(one, 'AWS::EC2::EIP')).toHaveLength(1);
  });

  test('ports that an operator names are those that leave, with 443 for AWS itself', () => {
    const { resources: few } = synthesize({ egress: { kind: 'static-ips', allowedPorts: ['8443'] } });
    const [[, group] = []] = ofType(few, 'AWS::EC2::SecurityGroup');
    const ports = group?.Properties.SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort);
    expect(ports).toEqual([8443, 443]);
  });
});

describe('an operator’s lists', () => {
  test.each<[EgressProps, string]>([
    [{ refusedCidrs: ['10.0.0.0'] }, '"10.0.0.0" is not a network'],
    [{ allowedCidrs: ['169.254.169.254/32'] }, "can't be allowed"],
    [{ allowedPorts: ['99999'] }, 'is not a port'],
    [{ kind: 'static-ips', natGateways: 3 }, 'egress.natGateways must be 1 or 2, is 3'],
    [{ natGateways: 1 }, "egress.natGateways goes with kind: 'static-ips' only"],
  ])('that cannot be read stop the synthesis: %j', (egress, words) => {
    expect(() => synthesize({ egress })).toThrow(words);
  });

  test('warn where they loosen, and nowhere else', () => {
    const warningsOf = (egress: EgressProps) => {
      const app = newApp({ context: { 'aws:cdk:bundling-stacks': [] } });
      const stack = new PostriderStack(app, 'Postrider', { egress });
      return Annotations.fromStack(stack)
        .findWarning('*', Match.stringLikeRegexp('may now'))
        .map(({ entry }) => entry.data);
    };
    expect(warningsOf({ refusedCidrs: ['2a05:d014::/32'], refusedHosts: ['example.com'] })).toEqual([]);
    expect(warningsOf({ allowedCidrs: ['10.1.0.0/16'] })).toEqual([expect.stringContaining('10.1.0.0/16')]);
  });

  test('stand in the code of the functions, and in nobody’s environment', async () => {
    const rules = { refusedHosts: ['refused.example'] };
    const codeOf = async (egressRules = {}) => {
      const { outputFiles } = await build({ ...bundleOptions('dispatch', '/nowhere', { egressRules }), write: false });
      return outputFiles.map(({ text }) => text).join('');
    };
    expect(await codeOf(rules)).toContain('refused.example');
    expect(await codeOf()).not.toContain('refused.example');
    const { resources } = synthesize({ egress: rules });
    expect(JSON.stringify(resources)).not.toContain('refused.example');
  });
});
