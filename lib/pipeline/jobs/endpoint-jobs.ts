import type { Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Job, JobKind } from '../../domain/job.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { isShut } from '../dispatch/classify.ts';
import { FINISHED, type JobPorts, type PageResult } from './page-result.ts';
import { abandoned, releaseHeld, shutReason } from '../dispatch/hold.ts';

const PAGE = 100;
/** A page a second: a customer's endpoint that has just come back is not flooded. */
const RELEASE_PAUSE_SECONDS = 1;
const CHANGE_POLL_SECONDS = 5;
/** The change that a job was written for is never made, when it has not been made by now. */
const CHANGE_LIMIT_MS = 10 * 60_000;
const SECOND_SCAN_SECONDS = 600;

/** The work on an endpoint's waiting deliveries that follows a change of its state. */
export type EndpointJobKind = Extract<JobKind, 'release' | 'discard' | 'abandon'>;
/** A job for one endpoint, written before the change that asked for it. */
export type EndpointJob = Job & { kind: EndpointJobKind; endpointId: string; generation: number };

type WaitingStatus = Exclude<DeliveryStatus, 'delivered' | 'exhausted' | 'abandoned'>;

/** Which records a kind of job goes through. */
const STATUSES: Readonly<Record<EndpointJobKind, readonly WaitingStatus[]>> = {
  release: ['held'],
  discard: ['held'],
  abandon: ['held', 'parked', 'retrying', 'pending'],
};

export async function workEndpointPage(ports: JobPorts, job: EndpointJob): Promise<PageResult> {
  const endpoint = await ports.endpoints.get(job.tenantId, job.endpointId);
  if (!endpoint) return FINISHED;
  if (endpoint.generation < job.generation) return waitForChange(ports, job);
  if (job.kind !== 'abandon' && endpoint.status !== 'active') return FINISHED;
  // Nobody was told that this would be discarded: the resume was made by another, who may not have asked for it.
  if (job.kind === 'discard' && endpoint.changeJobId !== job.id) return FINISHED;

  const [at, cursor] = readCursor(job.cursor);
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
  const next = page.next === undefined ? [at + 1, ''] : [at, page.next];
  const pause = job.kind === 'release' && processed > 0 ? RELEASE_PAUSE_SECONDS : 0;
  // A scan that finds something is followed by one more look.
  const stillEmpty = processed === 0 && job.emptySince !== undefined;
  return {
    processed,
    cursor: JSON.stringify(next),
    ...(stillEmpty && { emptySince: job.emptySince }),
    done: false,
    nextInSeconds: pause,
  };
}

/** The index may lag behind the records: those decide. */
async function workRecords(
  ports: JobPorts,
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
  const written = await Promise.all(records.map((record) => giveUp(ports, job, endpoint, record)));
  // What was being held while the endpoint was resumed was not meant to be discarded, and no other job releases it.
  const spared = records.filter(({ status }, index) => status === 'held' && !written[index]);
  const released = endpoint.status === 'active' ? await releaseHeld(ports, spared) : 0;
  return written.filter(Boolean).length + released;
}

async function giveUp(ports: JobPorts, job: EndpointJob, endpoint: Endpoint, record: Delivery): Promise<boolean> {
  const reason = job.kind === 'discard' ? 'discarded' : shutReason(endpoint.status);
  const written = await changeRecord(ports, record, (present) =>
    isMeant(job, endpoint, present) ? abandoned(present, reason, ports.clock.now()) : undefined,
  );
  return written !== undefined;
}

function isMeant(job: EndpointJob, endpoint: Endpoint, record: Delivery): boolean {
  if (job.kind !== 'discard')
    return transition(record, 'shut-by-job').act === 'abandon' && isShut(endpoint, record.createdAt);
  // What is held anew, by a later pause, was not meant.
  return transition(record, 'discarded').act === 'abandon' && (record.heldAt ?? 0) <= job.createdAt;
}

/** The job stands before the change that asked for it (D3, D4). */
function waitForChange(ports: JobPorts, job: EndpointJob): PageResult {
  if (ports.clock.now() - job.createdAt > CHANGE_LIMIT_MS) return FINISHED;
  return { processed: 0, done: false, nextInSeconds: CHANGE_POLL_SECONDS };
}

/** A delivery that was being held while we looked is found by one more look, ten minutes later (D4). */
function afterLastPage(ports: JobPorts, job: EndpointJob): PageResult {
  if (job.emptySince !== undefined) return FINISHED;
  return { processed: 0, emptySince: ports.clock.now(), done: false, nextInSeconds: SECOND_SCAN_SECONDS };
}

function readCursor(cursor: string | undefined): [number, string] {
  return cursor === undefined ? [0, ''] : (JSON.parse(cursor) as [number, string]);
}
