import { dialectOf } from '../../dialects/index.ts';
import { type MadeAttempt, delivered } from '../../domain/delivery-changes/results.ts';
import { transition } from '../../domain/delivery-state.ts';
import { type Endpoint, isTripped } from '../../domain/endpoint.ts';
import type { Job, ProbeNotes } from '../../domain/job.ts';
import { type Outcome, isRefusal, readOutcome } from '../../domain/outcome.ts';
import { FIRST_COOL_DOWN, FIRST_LOOK, LONGEST_COOL_DOWN, LONGEST_LOOK } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { type RequestSource, request } from '../delivery/request.ts';
import { type ChangePorts, changeStatus } from '../endpoints/change-status.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { chooseHeld, withRefused } from './probe-choice.ts';

export type ProbePorts = ChangePorts & Pick<Ports, 'deliveries' | 'health' | 'reader' | 'secrets' | 'sender'>;

/** So many different events refused in a row show that the endpoint works. */
const REFUSALS = 3;

/** One look, as its steps see it. */
interface Look {
  job: Job;
  endpoint: Endpoint;
  notes: ProbeNotes;
}

/**
 * One look at an endpoint that the breaker has paused: a held delivery is sent. A success resumes the endpoint, and so
 * do three refusals of different events; a failure lets it cool down twice as long. A probe uses no attempt and exhausts
 * nothing. The job's step is its lease: the process that works on it has raised it.
 */
export async function workProbe(ports: ProbePorts, job: Job): Promise<PageResult> {
  if (job.endpointId === undefined) return FINISHED;
  const endpoint = await ports.endpoints.get(job.tenantId, job.endpointId);
  if (!endpoint || !isTripped(endpoint) || endpoint.changeJobId !== job.id) return FINISHED;
  const look: Look = { job, endpoint, notes: job.probe ?? { coolDownMs: FIRST_COOL_DOWN } };
  const choice = await chooseHeld(ports, job, endpoint, look.notes);
  switch (choice.kind) {
    case 'go-on':
      return { processed: 0, done: false, nextInSeconds: 0, cursor: choice.cursor, probe: look.notes };
    case 'nothing':
      return lookLater(ports, look.notes);
    case 'send':
      return send(ports, look, choice.source);
  }
}

/** Nothing is held yet, or sending is braked. */
function lookLater(ports: Pick<Ports, 'clock'>, notes: ProbeNotes): PageResult {
  const lookMs = notes.lookMs === undefined ? FIRST_LOOK : Math.min(notes.lookMs * 2, LONGEST_LOOK);
  return sleep(ports.clock.now() + lookMs, { ...notes, lookMs });
}

async function send(ports: ProbePorts, look: Look, source: RequestSource): Promise<PageResult> {
  const { endpoint, notes } = look;
  const sent = await request(ports, source);
  if (sent === 'stale') return sleep(ports.clock.now() + FIRST_LOOK, notes);
  const outcome = readOutcome(sent.result, ports.clock.now());
  const { tenantId, id } = endpoint;
  const { statusCode, refusedAddress } = outcome;
  ports.log.info('job.probe', {
    tenant_id: tenantId,
    endpoint_id: id,
    success: outcome.success,
    status_code: statusCode,
    refused_address: refusedAddress,
  });
  const { lookMs: _, refused, ...rest } = notes;
  const afterRequest: ProbeNotes = { ...rest, requestedAt: sent.startedAt };
  if (outcome.success)
    return recover(ports, afterRequest, source, {
      outcome,
      startedAt: sent.startedAt,
      signedWith: sent.signedWith,
    });
  if (isRefusal(outcome)) return afterRefusal(ports, look, afterRequest, withRefused(refused, source.pointer));
  return coolDown(ports, endpoint, afterRequest, outcome);
}

/** The delivery that was sent is done; the endpoint has recovered, and the held ones are released. */
async function recover(
  ports: ProbePorts,
  notes: ProbeNotes,
  { pointer, snapshot }: RequestSource,
  made: MadeAttempt,
): Promise<PageResult> {
  const { tenantId, endpointId } = pointer;
  if (snapshot.record) {
    await changeRecord(ports, snapshot.record, (present) =>
      transition(present, 'succeeded').action === 'settle'
        ? delivered(present, 'succeeded', made, ports.clock.now())
        : undefined,
    );
  }
  const { outcome, startedAt } = made;
  const resumed = await changeStatus(ports, tenantId, endpointId, 'resume', snapshot.endpoint?.generation);
  // It was changed during the probe: if it is still paused by the breaker, it is probed again.
  if (!resumed) return sleep(ports.clock.now() + FIRST_LOOK, notes);
  await ports.health.clearFailures({
    tenantId,
    endpointId,
    generation: resumed.generation,
    at: startedAt,
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
  });
  return { ...FINISHED, processed: 1 };
}

/**
 * The endpoint works and does not take this event: another one is sent next. Only one that was refused before, because
 * there is no other, waits for the cool-down; looks for another go on meanwhile.
 */
async function afterRefusal(
  ports: ProbePorts,
  { endpoint, notes }: Look,
  now: ProbeNotes,
  refused: readonly string[],
): Promise<PageResult> {
  const { tenantId, id, generation } = endpoint;
  const shown = refused.length >= REFUSALS;
  if (shown && (await changeStatus(ports, tenantId, id, 'resume', generation))) return FINISHED;
  const again = refused.length === notes.refused?.length;
  const coolDownMs = again ? doubled(now.coolDownMs) : now.coolDownMs;
  return sleep(ports.clock.now() + FIRST_LOOK, { ...now, refused, coolDownMs });
}

async function coolDown(
  ports: ChangePorts,
  endpoint: Endpoint,
  notes: ProbeNotes,
  outcome: Outcome,
): Promise<PageResult> {
  if (outcome.gone && dialectOf(endpoint).goneDisables) {
    const gone = await changeStatus(ports, endpoint.tenantId, endpoint.id, 'gone', endpoint.generation);
    if (gone) return FINISHED;
  }
  const coolDownMs = doubled(notes.coolDownMs);
  return sleep(ports.clock.now() + coolDownMs, { ...notes, coolDownMs });
}

function doubled(coolDownMs: number): number {
  return Math.min(coolDownMs * 2, LONGEST_COOL_DOWN);
}

function sleep(checkAt: number, probe: ProbeNotes): PageResult {
  return { processed: 0, done: false, nextInSeconds: 0, checkAt, probe };
}
