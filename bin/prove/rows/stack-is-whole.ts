import { type Proof, verdict } from '../row.ts';

interface EventSource {
  State: string;
  EventSourceArn: string;
}

const SETTLED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

export const stackIsWhole: Proof = {
  name: 'stack-is-whole',
  claim: 'The template deploys: CloudFormation accepts it, and event sources have the permissions that they need',
  async prove(deployment) {
    const { StackStatus: status } = await deployment.stack();
    const functions = await deployment.functions();
    const sources: EventSource[] = [];
    for (const name of [functions.get('Dispatch'), functions.get('Jobs'), functions.get('Source')]) {
      if (name === undefined) continue;
      const { EventSourceMappings } = await deployment.aws(
        'lambda',
        'list-event-source-mappings',
        '--function-name',
        name,
      );
      sources.push(...EventSourceMappings);
    }
    const enabled = sources.filter(({ State }) => State === 'Enabled').length;
    // Deliveries, retries, slow and jobs.
    const holds = SETTLED.has(status) && enabled === sources.length && enabled >= 4;
    return verdict(holds, `${status}; ${enabled} of ${sources.length} event sources enabled`);
  },
};
