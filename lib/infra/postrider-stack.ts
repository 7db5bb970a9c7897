import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Postrider } from './postrider.ts';
import type { PostriderProps } from './postrider-props.ts';

/** What is the stack's: the construct refuses properties that it does not know. */
const OF_STACKS: Record<keyof StackProps, true> = {
  analyticsReporting: true,
  crossRegionReferences: true,
  description: true,
  env: true,
  notificationArns: true,
  permissionsBoundary: true,
  propertyInjectors: true,
  stackName: true,
  suppressTemplateIndentation: true,
  synthesizer: true,
  tags: true,
  terminationProtection: true,
};

/** Postrider in a stack of its own. Its outputs are what an operator needs to know. */
export class PostriderStack extends Stack {
  readonly postrider: Postrider;

  constructor(scope: Construct, id: string, props: StackProps & PostriderProps = {}) {
    super(scope, id, { description: 'Postrider: sends webhooks', ...props });
    const own = Object.entries(props).filter(([name]) => !Object.hasOwn(OF_STACKS, name));
    this.postrider = new Postrider(this, 'Postrider', Object.fromEntries(own));
    this.postrider.addOutputs();
  }
}
