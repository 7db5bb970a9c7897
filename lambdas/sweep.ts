import type { Context, ScheduledEvent } from 'aws-lambda';
import type { SweepReport } from '../lib/pipeline/sweep/run.ts';
import { sweep } from '../lib/pipeline/sweep/sweep.ts';
import { compose, handledBy } from './runtime/compose.ts';
import { deadline } from './runtime/deadline.ts';
import { type Deployment, onAws } from './runtime/deployment.ts';
import { openSweptStore } from './runtime/dynamo-store.ts';
import { failureLog } from './runtime/failure-log.ts';
import { invocation } from './runtime/invocations.ts';
import { openQueues } from './runtime/sqs-queues.ts';
import { metered } from './runtime/usage.ts';

/** A page that was begun is finished: this long before the function is stopped, no further one begins. */
const MARGIN_MS = 10_000;

type SweepHandler = (event: ScheduledEvent, context: Context) => Promise<SweepReport>;

/** Each minute: moves on whatever stands unfinished in the due index. */
export function createHandler(deployment: Deployment): SweepHandler {
  const { clock } = deployment;
  const { brakes, deliveries, due, jobs, usage } = openSweptStore(deployment);
  const { log, adding } = metered(deployment, { usage });
  const queues = openQueues(deployment, 'retries', 'jobs', 'slow', 'exhausted');
  const ports = { clock, log, brakes, deliveries, due, jobs, queues };
  const chain = compose<ScheduledEvent, SweepReport>()
    .use(invocation(deployment))
    .use(failureLog('sweep', log))
    .use(deadline(clock));
  return handledBy(
    chain,
    adding(({ found }) => sweep(ports, found.deadline - MARGIN_MS)),
  );
}

export const handler = onAws(createHandler);
