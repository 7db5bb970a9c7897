import { patternsForAliases } from '../../dialects/catalogue.ts';
import { dialectNamed } from '../../dialects/index.ts';
import { type Endpoint, acceptsEvents, isPolled } from '../../domain/endpoint.ts';
import { ServiceFault } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { ended } from '../../domain/job-changes.ts';
import { type Subscription, typeMatches } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import type { SubscriptionPlace } from '../../ports/subscription-store.ts';
import { loggingFaults } from '../delivery/logging-faults.ts';
import { createJob } from '../job-start.ts';
import { SUPERSEDED, repeatWhileSuperseded } from './superseded.ts';

export type MatchingPorts = Pick<Ports, 'endpoints' | 'subscriptions' | 'clock' | 'random'>;
export type RematchPorts = MatchingPorts & Pick<Ports, 'jobs' | 'log'>;

/**
 * Makes a change of an endpoint that changes what it matches. First comes the job that finishes the change if this process
 * dies, then the endpoint, its subscription, and the number of its shard. An event that is posted after that is matched
 * with it (invariant 18).
 * @param write writes the endpoint; false when it was superseded, and nothing else is done
 */
export async function changeWithMatching(
  ports: RematchPorts,
  changed: Endpoint,
  write: () => Promise<boolean>,
): Promise<boolean> {
  const { tenantId, id: endpointId, generation } = changed;
  const repair = await createJob(ports, { tenantId, kind: 'repair', endpointId, generation });
  // When it was superseded the job stays: an adapter may take its own earlier write for another's.
  if (!(await write())) return false;
  await updateMatching(ports, changed);
  await endRepair(ports, repair);
  return true;
}

/**
 * Makes ingest match with an endpoint that a call has found as it wants it: the change may have been made by a process that
 * died before this step. With a job of its own: the endpoint may change meanwhile, and this process die as well.
 */
export async function matchAgain(ports: RematchPorts, endpoint: Endpoint): Promise<void> {
  await changeWithMatching(ports, endpoint, async () => true);
}

/**
 * Makes ingest match with an endpoint as it is: the subscription first, then its shard's number.
 * @throws ServiceFault when others keep changing the endpoint
 */
export async function updateMatching(ports: MatchingPorts, endpoint: Endpoint): Promise<void> {
  await writeSubscription(ports, endpoint);
  await ports.subscriptions.raiseShard(endpoint.tenantId, shardOf(endpoint));
}

/** What an endpoint matches: what it asks for, under every name that its dialect has for it. */
export function subscriptionOf(endpoint: Subscription & Pick<Endpoint, 'dialect'>): Subscription {
  const { dialect, events, projectId, filter } = endpoint;
  const others = patternsForAliases(dialectNamed(dialect).catalogue, events, typeMatches);
  return {
    events: [...events, ...others],
    ...(projectId !== undefined && { projectId }),
    ...(filter !== undefined && { filter }),
  };
}

/**
 * A generation orders the writes of a subscription, but not with a removal that came before: after a put, the endpoint
 * tells whether a newer change has removed it.
 */
async function writeSubscription(ports: MatchingPorts, endpoint: Endpoint): Promise<void> {
  let present = endpoint;
  const tryOnce = async () => {
    const { tenantId, id, generation } = present;
    const place: SubscriptionPlace = { tenantId, shard: shardOf(present), id, generation };
    if (!acceptsEvents(present)) return ports.subscriptions.removeUnlessNewer(place);
    await ports.subscriptions.putUnlessNewer(place, {
      id,
      ...subscriptionOf(present),
      ...(isPolled(present) && { polled: true }),
    });
    const latest = await ports.endpoints.get(tenantId, id);
    if (!latest || latest.generation === generation) return undefined;
    present = latest;
    return SUPERSEDED;
  };
  const giveUp = () => new ServiceFault('The endpoint is being changed by others at the same moment.');
  await repeatWhileSuperseded(ports, tryOnce, giveUp);
}

/** Nothing is left to repair. If this fails, the job ends by itself. */
async function endRepair(ports: Pick<Ports, 'clock' | 'jobs' | 'log'>, job: Job): Promise<void> {
  await loggingFaults(ports.log, 'endpoint.job-not-ended', { job_id: job.id }, () =>
    ports.jobs.replaceIfStep(ended(job, ports.clock.now()), job.step),
  );
}

function shardOf({ shard = 0 }: Endpoint): number {
  return shard;
}
