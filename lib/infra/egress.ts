import { Annotations, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  type IVpc,
  IpAddresses,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { type EgressRules, loosenings, readEgressRules } from '../domain/egress-rules.ts';
import { DEFAULT_PORTS } from '../domain/url-policy.ts';
import { type FunctionNetwork, WITH_A_WAY_OUT } from './function-network.ts';

/** Where requests to customers may go, and what addresses they come from. */
export interface EgressProps extends EgressRules {
  /**
   * `lambda`: from changing addresses of AWS, at no cost. `static-ips`: from addresses that stay, which customers can let
   * through their firewalls; the functions that send then run in a VPC of their own, behind NAT gateways (docs/cost.md).
   * Default `lambda`.
   */
  kind?: 'lambda' | 'static-ips';
  /**
   * With static addresses: 1 or 2, each in its own availability zone. With 1, nothing is sent while its zone is down.
   * Default 2.
   */
  natGateways?: number;
}

/** A VPC of an operator's own, in the place of one that is made here. */
interface OwnVpc {
  vpc: IVpc | undefined;
  vpcSubnets: SubnetSelection | undefined;
}

/**
 * An operator's lists and network.
 * @throws RangeError for a list that can't be read, or a number of gateways that there can't be
 */
export class Egress extends Construct {
  readonly rules: EgressRules;
  /** Undefined: the functions that send run outside a VPC. */
  readonly network: FunctionNetwork | undefined;
  /** Of the others. Undefined: they run outside a VPC. */
  readonly insideNetwork: FunctionNetwork | undefined;
  /** The addresses that requests come from; none unless they are static. */
  readonly sourceAddresses: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { kind = 'lambda', natGateways, vpc, vpcSubnets, ...rules }: EgressProps & OwnVpc,
  ) {
    super(scope, id);
    this.rules = rules;
    const { ports = DEFAULT_PORTS } = readEgressRules(rules);
    for (const sentence of loosenings(rules)) Annotations.of(this).addWarningV2('postrider:egress', sentence);
    checkVpc(kind, vpc, vpcSubnets);
    const addresses = kind === 'static-ips' ? this.reserveAddresses(natGateways ?? 2) : [];
    this.sourceAddresses = addresses.map((address) => address.attrPublicIp);
    const subnets = vpcSubnets ?? WITH_A_WAY_OUT;
    const own = addresses.length > 0 ? this.makeVpc(addresses) : vpc;
    this.network = own && this.networkIn(own, subnets, 'Functions', 'functions that send to customers', withAws(ports));
    this.insideNetwork = vpc && this.networkIn(vpc, subnets, 'Inside', 'functions that call AWS alone', [[443, 443]]);
    if (kind !== 'static-ips' && natGateways !== undefined) {
      throw new RangeError("egress.natGateways goes with kind: 'static-ips' only: leave it out");
    }
  }

  private reserveAddresses(count: number): CfnEIP[] {
    if (count !== 1 && count !== 2) throw new RangeError(`egress.natGateways must be 1 or 2, is ${count}`);
    return Array.from({ length: count }, (_, index) => new CfnEIP(this, `Address${index + 1}`, { domain: 'vpc' }));
  }

  /** Its routes lead to the internet and to DynamoDB: no peering, no transit gateway, no other network of the account. */
  private makeVpc(addresses: readonly CfnEIP[]): IVpc {
    const made = new Vpc(this, 'Vpc', {
      // Big enough for an address a concurrent environment's interface; AWS shares interfaces between functions.
      ipAddresses: IpAddresses.cidr('10.0.0.0/22'),
      maxAzs: addresses.length,
      natGateways: addresses.length,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: addresses.map((one) => one.attrAllocationId) }),
      subnetConfiguration: [
        { name: 'Gateways', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'Functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      ],
      // It would take a function of its own, and nothing uses the default group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    Validations.of(made).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'Each request to a customer is a line in the log of the function that makes it.',
    });
    // `Vpc` may have an undefined property that `IVpc` may not: a matter of their types alone.
    return made as IVpc;
  }

  /** AWS's own services are reached on 443. Names are looked up at the VPC's resolver, which no security group filters. */
  private networkIn(vpc: IVpc, subnets: SubnetSelection, id: string, of: string, ports: Ports): FunctionNetwork {
    const securityGroup = new SecurityGroup(this, id, {
      vpc,
      description: `Postrider: ${of}`,
      allowAllOutbound: false,
    });
    for (const [first, last] of ports) securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcpRange(first, last));
    return { vpc, subnets, securityGroup };
  }
}

type Ports = readonly (readonly [number, number])[];

/** @throws RangeError */
function checkVpc(kind: string, vpc: IVpc | undefined, vpcSubnets: SubnetSelection | undefined): void {
  if (vpc && kind === 'static-ips') {
    throw new RangeError(
      "egress.kind 'static-ips' makes a VPC of its own: leave out vpc, or give a vpc with gateways of yours",
    );
  }
  if (!vpc && vpcSubnets) throw new RangeError('vpcSubnets goes with vpc only: leave it out');
}

function withAws(ports: Ports): Ports {
  return ports.some(([first, last]) => first <= 443 && last >= 443) ? ports : [...ports, [443, 443]];
}
