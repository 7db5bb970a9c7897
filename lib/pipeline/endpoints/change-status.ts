import { type Endpoint, isPolled } from '../../domain/endpoint.ts';
import { ENDPOINT_TRANSITIONS, type EndpointCall, type EndpointTransition } from '../../domain/endpoint-state.ts';
import { RequestError, changedMeanwhile, notFound } from '../../domain/errors.ts';
import type { JobKind } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { prepareStatusAlert } from '../alert-start.ts';
import { createJob, startJob } from '../job-start.ts';
import { harmlessUrl } from './harmless-url.ts';
import { changeWithMatching, matchAgain } from './matching.ts';
import { SUPERSEDED, repeatWhileSuperseded } from './superseded.ts';

export type ChangePorts = Pick<Ports, 'clock' | 'random' | 'endpoints' | 'subscriptions' | 'jobs' | 'queues' | 'log'>;
type Change = Extract<EndpointTransition, { kind: 'change' }>;

/** The calls that decide whether an endpoint is matched with events. A paused one is: its deliveries are held. */
const MATCHING_CALLS: ReadonlySet<EndpointCall> = new Set(['enable', 'disable', 'revoke', 'delete', 'gone']);

/** What is done with the held deliveries at a resume. */
export type Held = 'release' | 'discard';

/**
 * Makes a call's transition of an endpoint's state. The jobs for the deliveries that wait and for the alert are written
 * first, so that a crash after the change cannot leave them behind; then the endpoint, then what ingest matches with,
 * then the jobs' messages go out.
 * @param onlyOf change nothing when the endpoint's generation is another one (invariant 15)
 * @throws RequestError `not-found` for an unknown id without `onlyOf`, `wrong-state` for what its state does not allow,
 *   `changed-meanwhile` when others change it each time
 * @returns the endpoint as it is now; undefined when `onlyOf` did not hold
 */
export async function changeStatus(
  ports: ChangePorts,
  tenantId: string,
  endpointId: string,
  call: EndpointCall,
  onlyOf?: number,
  held: Held = 'release',
): Promise<Endpoint | undefined> {
  const tryOnce = async () => {
    const endpoint = await (onlyOf === undefined
      ? existing(ports, tenantId, endpointId)
      : ports.endpoints.get(tenantId, endpointId));
    if (!endpoint || (onlyOf !== undefined && endpoint.generation !== onlyOf)) return undefined;
    if (held === 'discard' && isPolled(endpoint)) throw new RequestError('wrong-state', NOTHING_TO_DISCARD);
    const transition = ENDPOINT_TRANSITIONS[endpoint.status][call];
    if (transition.kind === 'refuse') throw new RequestError('wrong-state', transition.why);
    if (transition.kind === 'same') {
      if (MATCHING_CALLS.has(call)) await matchAgain(ports, endpoint);
      return endpoint;
    }
    const changed = afterChange(endpoint, transition, ports.clock.now());
    const kind = jobKind(endpoint, transition, held);
    const { generation } = changed;
    const job = kind && (await createJob(ports, { tenantId, kind, endpointId, generation }));
    const { endpoint: named, alert } = await prepareStatusAlert(
      ports,
      endpoint,
      job ? { ...changed, changeJobId: job.id } : changed,
    );
    const write = () => ports.endpoints.replaceIfGeneration(named, endpoint.generation);
    if (!(await (MATCHING_CALLS.has(call) ? changeWithMatching(ports, named, write) : write()))) return SUPERSEDED;
    // A probe waits in the due index for its first cool-down to end.
    if (job && kind !== 'probe') await startJob(ports, job);
    if (alert) await startJob(ports, alert);
    return named;
  };
  return repeatWhileSuperseded(ports, tryOnce, () => changedMeanwhile('endpoint'));
}

const NOTHING_TO_DISCARD =
  'A poll endpoint holds nothing that a resume could discard. Resume it, and let its consumers commit from now on.';

/** @throws RequestError `not-found` */
export async function existing(
  ports: Pick<Ports, 'endpoints'>,
  tenantId: string,
  endpointId: string,
): Promise<Endpoint> {
  const endpoint = await ports.endpoints.get(tenantId, endpointId);
  if (!endpoint || endpoint.statusReason === 'deleted') throw notFound('endpoint');
  return endpoint;
}

function jobKind({ autoResume }: Endpoint, { waiting }: Change, held: Held): JobKind | undefined {
  if (waiting === 'keep' || (waiting === 'probe' && autoResume === false)) return undefined;
  if (waiting === 'probe') return 'probe';
  if (waiting === 'abandon') return 'abandon';
  return held;
}

function afterChange(endpoint: Endpoint, { to, reason, waiting }: Change, now: number): Endpoint {
  const { statusReason: _, changeJobId: __, ...kept } = endpoint;
  const rest = to === 'revoked' ? withoutSecrets(kept) : kept;
  return {
    ...rest,
    status: to,
    ...(reason && { statusReason: reason }),
    generation: endpoint.generation + 1,
    // Revoked is final: what is secret is destroyed, the rest stays as a tombstone.
    ...(to === 'revoked' && { url: harmlessUrl(endpoint.url), secrets: [] }),
    ...(waiting === 'abandon' && { abandonBefore: now }),
    updatedAt: now,
  };
}

function withoutSecrets(endpoint: Endpoint): Endpoint {
  const { headers: _, auth: __, standardSecrets: ___, privateKeys: ____, ...rest } = endpoint;
  return rest;
}
