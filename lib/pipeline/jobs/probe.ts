import { dialectNamed } from '../../dialects/index.ts';
import { type MadeAttempt, delivered } from '../../domain/delivery-results.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Job } from '../../domain/job.ts';
import { type Outcome, readOutcome } from '../../domain/outcome.ts';
import { FIRST_COOL_DOWN } from '../../domain/times.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { type RequestSource, request } from '../delivery/request.ts';
import { type ChangePorts, changeStatus } from '../endpoints/change-status.ts';
import { FINISHED, type PageResult } from './page-result.ts';

export type ProbePorts = ChangePorts & Pick<Ports, 'deliveries' | 'health' | 'reader' | 'secrets' | 'sender'>;

const MINUTE = 60_000;
const LONGEST_COOL_DOWN = 6 * 60 * MINUTE;

/**
 * One look at an endpoint that the breaker has paused: the oldest held delivery is sent. A success resumes the endpoint;
 * a failure lets it cool down twice as long. A probe uses no attempt and exhausts nothing. The job's step is its lease:
 * the process that works on it has raised it.
 */
export async function workProbe(ports: ProbePorts, job: Job): Promise<PageResult> {
  if (job.endpointId === undefined) return FINISHED;
  const endpoint = await ports.endpoints.get(job.tenantId, job.endpointId);
  if (!endpoint || !isTripped(endpoint) || endpoint.changeJobId !== job.id) return FINISHED;
  const now = ports.clock.now();
  const probe = await oldestHeld(ports, endpoint);
  // Nothing is held yet, or sending is braked: look again in a minute.
  if (!probe) return sleep(now + MINUTE, coolDownOf(job));
  const sent = await request(ports, probe);
  if (sent === 'stale') return sleep(now + MINUTE, coolDownOf(job));
  const outcome = readOutcome(sent.result, ports.clock.now());
  ports.log.info('job.probe', { tenant_id: job.tenantId, endpoint_id: endpoint.id, status_code: outcome.statusCode });
  return outcome.success
    ? recover(ports, job, probe, { outcome, startedAt: sent.startedAt })
    : coolDown(ports, job, endpoint, outcome);
}

function isTripped(endpoint: Endpoint): boolean {
  return endpoint.status === 'paused' && endpoint.statusReason === 'breaker';
}

async function oldestHeld(
  ports: Pick<Ports, 'clock' | 'deliveries' | 'reader'>,
  { tenantId, id: endpointId }: Endpoint,
): Promise<RequestSource | undefined> {
  const page = await ports.deliveries.pageByStatus({
    tenantId,
    endpointId,
    status: 'held',
    order: 'oldest-first',
    limit: 1,
  });
  const key = page.deliveries[0];
  if (!key) return undefined;
  const readAt = ports.clock.now();
  const [snapshot] = await ports.reader.read([key], 'consistent');
  return snapshot && isUsable(snapshot) ? { pointer: key, snapshot, readAt } : undefined;
}

function isUsable({ event, record, endpoint, braked }: Snapshot): boolean {
  return event !== undefined && record?.status === 'held' && endpoint !== undefined && isTripped(endpoint) && !braked;
}

/** The delivery that was sent is done; the endpoint has recovered, and the held ones are released. */
async function recover(
  ports: ProbePorts,
  job: Job,
  { pointer, snapshot }: RequestSource,
  made: MadeAttempt,
): Promise<PageResult> {
  const { tenantId, endpointId } = pointer;
  if (snapshot.record) {
    await changeRecord(ports, snapshot.record, (present) =>
      transition(present, 'succeeded').action === 'settle' ? delivered(present, made, ports.clock.now()) : undefined,
    );
  }
  const { outcome, startedAt } = made;
  const resumed = await changeStatus(ports, tenantId, endpointId, 'resume', snapshot.endpoint?.generation);
  // It was changed during the probe: if it is still paused by the breaker, it is probed again.
  if (!resumed) return sleep(ports.clock.now() + MINUTE, coolDownOf(job));
  await ports.health.clearFailures({
    tenantId,
    endpointId,
    generation: resumed.generation,
    at: startedAt,
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
  });
  return { ...FINISHED, processed: 1 };
}

async function coolDown(ports: ChangePorts, job: Job, endpoint: Endpoint, outcome: Outcome): Promise<PageResult> {
  if (outcome.gone && dialectNamed(endpoint.dialect).goneDisables) {
    const gone = await changeStatus(ports, endpoint.tenantId, endpoint.id, 'gone', endpoint.generation);
    if (gone) return FINISHED;
  }
  const next = Math.min(coolDownOf(job) * 2, LONGEST_COOL_DOWN);
  return sleep(ports.clock.now() + next, next);
}

function coolDownOf(job: Job): number {
  return job.coolDownMs ?? FIRST_COOL_DOWN;
}

function sleep(checkAt: number, coolDownMs: number): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt, coolDownMs };
}
