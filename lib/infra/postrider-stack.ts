import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Postrider } from './postrider.ts';
import type { PostriderProps } from './postrider-props.ts';

/** Postrider in a stack of its own. Its outputs are what an operator needs to know. */
export class PostriderStack extends Stack {
  readonly postrider: Postrider;

  constructor(scope: Construct, id: string, props: StackProps & PostriderProps = {}) {
    super(scope, id, { description: 'Postrider: sends webhooks', ...props });
    this.postrider = new Postrider(this, 'Postrider', props);
    this.postrider.addOutputs();
  }
}
