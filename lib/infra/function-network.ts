import { type IVpc, type SecurityGroup, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Where a function runs that is in a VPC. */
export interface FunctionNetwork {
  vpc: IVpc;
  subnets: SubnetSelection;
  securityGroup: SecurityGroup;
}

export const WITH_A_WAY_OUT: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };

export function placeIn({ vpc, subnets, securityGroup }: FunctionNetwork) {
  return { vpc, vpcSubnets: subnets, securityGroups: [securityGroup] };
}

export const INTERFACE_ACTIONS = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
].map((action) => `ec2:${action}`);

/**
 * Lambda puts the function into its VPC by the function's own role ("Giving Lambda functions access to resources in an
 * Amazon VPC"). The function's code, whose calls carry that key, may not do the same.
 */
export function interfaceStatements(): PolicyStatement[] {
  const byItsCode = { Null: { 'lambda:SourceFunctionArn': 'false' } };
  const all = { actions: INTERFACE_ACTIONS, resources: ['*'] };
  return [new PolicyStatement(all), new PolicyStatement({ ...all, effect: Effect.DENY, conditions: byItsCode })];
}
