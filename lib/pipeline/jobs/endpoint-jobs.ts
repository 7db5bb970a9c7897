import type { Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import { abandoned } from '../../domain/delivery-changes/stops.ts';
import { transition } from '../../domain/delivery-state.ts';
import { type Endpoint, acceptsEvents, isShut, shutReason } from '../../domain/endpoint.ts';
import type { Job, JobKind } from '../../domain/job.ts';
import { CHANGE_LIMIT } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { freeFromSlots, releaseHeld } from '../delivery/release.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAfter, statusPlaceOf } from './place.ts';

export type EndpointJobPorts = Pick<Ports, 'clock' | 'deliveries' | 'endpoints' | 'queues'>;

const PAGE = 100;
/** One page per second, so that an endpoint that has just come back is not flooded. */
const RELEASE_PAUSE_SECONDS = 1;
const CHANGE_POLL_SECONDS = 5;
/** After this long, the index of deliveries shows what was written during the first scan. */
const LAST_LOOK_SECONDS = 600;
/**
 * A dispatcher that read the endpoint before its limit was raised has written its wait by then: its reading counts for a
 * second, and then come a slot and a record.
 */
const SLOT_CLAIM_SECONDS = 15;

/** The work on an endpoint's waiting deliveries that follows a change of its state. */
export type EndpointJobKind = Extract<JobKind, 'release' | 'discard' | 'abandon' | 'rate-change'>;
/** A job for one endpoint, written before the change that asked for it. */
export type EndpointJob = Job & { kind: EndpointJobKind; endpointId: string; generation: number };

type WaitingStatus = Exclude<DeliveryStatus, 'delivered' | 'exhausted' | 'abandoned'>;

/** Which records a kind of job goes through. */
const STATUSES: Readonly<Record<EndpointJobKind, readonly WaitingStatus[]>> = {
  release: ['held'],
  discard: ['held'],
  abandon: ['held', 'parked', 'retrying', 'pending'],
  'rate-change': ['parked', 'retrying', 'pending'],
};

export async function workEndpointPage(ports: EndpointJobPorts, job: EndpointJob): Promise<PageResult> {
  const endpoint = await ports.endpoints.get(job.tenantId, job.endpointId);
  if (!endpoint) return FINISHED;
  if (endpoint.generation < job.generation) return waitForChange(ports, job);
  if (!isMeant(job, endpoint)) return FINISHED;

  const [at, cursor] = statusPlaceOf(job);
  const status = STATUSES[job.kind][at];
  if (!status) return afterLastPage(ports, job);
  const page = await ports.deliveries.pageByStatus({
    tenantId: job.tenantId,
    endpointId: job.endpointId,
    status,
    order: 'oldest-first',
    limit: PAGE,
    ...(cursor && { cursor }),
  });
  const processed = await workRecords(ports, job, endpoint, page.deliveries);
  const sends = job.kind === 'release' || job.kind === 'rate-change';
  const pause = sends && processed > 0 ? RELEASE_PAUSE_SECONDS : 0;
  // A scan that finds something is followed by one more look.
  const stillEmpty = processed === 0 && job.emptySince !== undefined;
  return {
    processed,
    cursor: cursorAfter(at, page.next),
    ...(stillEmpty && { emptySince: job.emptySince }),
    done: false,
    nextInSeconds: pause,
  };
}

/** Does the endpoint's present state still ask for it? */
function isMeant({ kind, id }: EndpointJob, endpoint: Endpoint): boolean {
  switch (kind) {
    case 'abandon':
      return true;
    case 'release':
      return endpoint.status === 'active';
    case 'discard':
      // The resume may have been made by another call, which did not ask for a discard.
      return endpoint.status === 'active' && endpoint.changeJobId === id;
    case 'rate-change':
      // The raise may have lost against another edit, and never have been made.
      return acceptsEvents(endpoint) && endpoint.rateJobId === id;
  }
}

/** The index may lag behind the records, so those decide. */
async function workRecords(
  ports: EndpointJobPorts,
  job: EndpointJob,
  endpoint: Endpoint,
  listed: readonly Delivery[],
): Promise<number> {
  const records = (await ports.deliveries.getMany(listed)).filter((record) => record !== undefined);
  if (job.kind === 'release')
    return releaseHeld(
      ports,
      records.filter(({ status }) => status === 'held'),
    );
  if (job.kind === 'rate-change') return freeFromSlots(ports, records, job.generation);
  const written = await Promise.all(records.map((record) => giveUp(ports, job, endpoint, record)));
  // Deliveries that were held after the resume were not meant to be discarded, and no other job releases them.
  const spared = records.filter(({ status }, index) => status === 'held' && !written[index]);
  const released = endpoint.status === 'active' ? await releaseHeld(ports, spared) : 0;
  return written.filter(Boolean).length + released;
}

async function giveUp(
  ports: EndpointJobPorts,
  job: EndpointJob,
  endpoint: Endpoint,
  record: Delivery,
): Promise<boolean> {
  const isDiscard = job.kind === 'discard';
  const trigger = isDiscard ? 'discarded' : 'shut-by-job';
  const reason = isDiscard ? 'discarded' : shutReason(endpoint);
  const written = await changeRecord(ports, record, (present) => {
    const goes = isDiscard ? wasHeldBefore(job, present) : isShut(endpoint, present.createdAt);
    if (!goes || transition(present, trigger).action !== 'abandon') return undefined;
    return abandoned(present, trigger, reason, ports.clock.now());
  });
  return written !== undefined;
}

/** A delivery that was held anew, by a later pause, was not meant to be discarded. */
function wasHeldBefore(job: EndpointJob, { heldAt = 0 }: Delivery): boolean {
  return heldAt <= job.createdAt;
}

/** The job is written before the change that asked for it. */
function waitForChange(ports: Pick<Ports, 'clock'>, job: EndpointJob): PageResult {
  if (ports.clock.now() - job.createdAt > CHANGE_LIMIT) return FINISHED;
  return { processed: 0, done: false, nextInSeconds: CHANGE_POLL_SECONDS };
}

/**
 * A delivery that was being held while we looked is found by one more look, ten minutes later (invariant 10). One that
 * was beginning to wait for a slot must not wait for that: there is a look before (invariant 12).
 */
function afterLastPage(ports: Pick<Ports, 'clock'>, { kind, emptySince }: EndpointJob): PageResult {
  const now = ports.clock.now();
  const waited = emptySince === undefined ? 0 : Math.floor((now - emptySince) / 1000);
  if (waited >= LAST_LOOK_SECONDS || (emptySince !== undefined && kind !== 'rate-change')) return FINISHED;
  const looksEarly = kind === 'rate-change' && emptySince === undefined;
  const nextInSeconds = looksEarly ? SLOT_CLAIM_SECONDS : LAST_LOOK_SECONDS - waited;
  return { processed: 0, emptySince: emptySince ?? now, done: false, nextInSeconds };
}
