import { isFinal } from '../../lib/domain/delivery-state.ts';
import { type DeliveryKey, deliveryId } from '../../lib/domain/ids.ts';
import { readDeliveryMessage } from '../../lib/domain/message.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { type Evidence, type Pair, type SeenRequest, type Written, pairId } from './evidence.ts';
import { isWaiting } from './record-rules.ts';

/** A request starts at most this long after a change that forbids it (invariant 8). */
const GRACE = 2000;
/** No two probes at once: a lease is longer than a function runs. */
const PROBE_DISTANCE = 30_000;
/** Without faults and slow calls a retry comes at most this late. */
const PUNCTUAL = 3000;

/** Judges each request when the customer receives it, and each message when the queue accepts it. */
export class RequestRules {
  readonly #seen: Evidence;
  readonly #punctual: boolean;
  readonly #sent = new Set<string>();

  constructor(evidence: Evidence, punctual: boolean) {
    this.#seen = evidence;
    this.#punctual = punctual;
  }

  /** @returns the entry of the request; its answer is added there */
  received(key: DeliveryKey, calledAt: number, now: number, probe: boolean): SeenRequest {
    const id = pairId(key);
    const fail = (invariant: number, what: string) => this.#seen.fail(invariant, `${id}: ${what}`, now);
    if (!this.#seen.isMeant(key)) fail(11, 'a request with an id that its endpoint does not get');
    this.#judgeBrake(now, fail);
    this.#judgePayload(key, now, fail);
    if (probe) this.#judgeProbe(key, now, fail);
    else this.#judgeEndpoint(key, now, fail);
    this.#judgeRecords(key, now, probe, fail);
    const { endpointId } = key;
    const request: SeenRequest = {
      deliveryId: id,
      endpointId,
      calledAt,
      receivedAt: now,
      by: undefined,
      probe,
      recorded: false,
    };
    this.#seen.requests.push(request);
    return request;
  }

  /** 8: no request to an endpoint that has been inactive for 2 s, and none of an event before its last disable. */
  #judgeEndpoint(key: DeliveryKey, now: number, fail: Fail): void {
    const versions = this.#seen.versionsOf(key.endpointId);
    const active = versions.findLastIndex(({ endpoint }) => endpoint.status === 'active');
    const shutAt = versions[active + 1]?.at;
    if (shutAt !== undefined && now > shutAt + GRACE) fail(8, `a request ${now - shutAt} ms after it was shut`);
    const made = this.#seen.recordsOf(key).at(-1)?.createdAt ?? this.#seen.events.get(key.eventId)?.acceptedAt ?? 0;
    const old = versions.find(({ endpoint }) => made < (endpoint.abandonBefore ?? 0));
    if (old && now > old.at + GRACE) fail(8, 'a request of a delivery older than the last disable');
  }

  /** 8: a probe goes to an endpoint that the breaker has paused, one at a time. */
  #judgeProbe({ endpointId }: DeliveryKey, now: number, fail: Fail): void {
    const versions = this.#seen.versionsOf(endpointId);
    const tripped = versions.some(
      ({ endpoint: { statusReason, autoResume } }, index) =>
        statusReason === 'breaker' && autoResume !== false && (versions[index + 1]?.at ?? now) >= now - GRACE,
    );
    if (!tripped) fail(8, 'a probe of an endpoint that the breaker has not paused, or that only a person resumes');
    const last = this.#seen.requests.findLast((request) => request.probe && request.endpointId === endpointId);
    if (last && now - last.receivedAt < PROBE_DISTANCE) fail(8, `a probe ${now - last.receivedAt} ms after the last`);
  }

  /** 13: nothing while the brake is set, which is read with the endpoint. */
  #judgeBrake(now: number, fail: Fail): void {
    const brake = this.#seen.brakes.at(-1);
    if (brake?.set && now > brake.at + GRACE) fail(13, `a request ${now - brake.at} ms after the brake was set`);
  }

  /** 19: nothing of an event whose payload is deleted. */
  #judgePayload({ eventId }: Pair, now: number, fail: Fail): void {
    const erasedAt = this.#seen.erasedAt.get(eventId);
    if (erasedAt !== undefined && now > erasedAt + GRACE)
      fail(19, `a request ${now - erasedAt} ms after its payload was deleted`);
  }

  /** Customers see no ordinal: one delivery of the pair has to allow the request. */
  #judgeRecords(pair: Pair, now: number, probe: boolean, fail: Fail): void {
    const refusals = this.#seen.writesOf(pair).map((known) => this.#judgeRecord(known, now, probe));
    const allowed = refusals.length === 0 || refusals.some((refusal) => refusal === undefined);
    // Each reading of a lagging replica may cause one duplicate (What remains).
    if (allowed || this.#seen.takeStaleRead(pairId(pair), now - GRACE)) return;
    const { invariant, what } = refusals.at(-1) as Refusal;
    fail(invariant, what);
  }

  /** Why a delivery has no request now; undefined when it may have one. */
  #judgeRecord({ record, writtenAt, unbrakedAt = 0 }: Written, now: number, probe: boolean): Refusal | undefined {
    const judged = this.#punctual && isWaiting(record) && record.statusReason !== 'braked';
    const late = judged ? now - Math.max(record.dueAt ?? now, unbrakedAt) : 0;
    if (late > PUNCTUAL) return { invariant: 5, what: `a request ${late} ms late` };
    // Dispatch acts on a reading that may be a second old, and the request takes a moment to leave.
    if (writtenAt > now - GRACE) return undefined;
    const { status, dueAt } = record;
    if (isFinal(status)) return { invariant: 7, what: `a request ${now - writtenAt} ms after it was ${status}` };
    if (status === 'held' && !probe) return { invariant: 8, what: 'a request while it is held' };
    if (!isWaiting(record) || dueAt === undefined || now >= dueAt) return undefined;
    return { invariant: 6, what: `a request ${dueAt - now} ms early` };
  }

  /**
   * A message is sent only after what it points at is written: the event, or a record with its epoch. Each epoch has
   * one message, because two of one epoch would both act (invariant 3).
   */
  sent(queue: QueueName, body: string, now: number): void {
    if (queue === 'jobs' || queue === 'poison') return;
    const parsed = readDeliveryMessage(body);
    if (parsed.kind !== 'pointer') return;
    const { pointer } = parsed;
    const id = deliveryId(pointer);
    if (queue === 'deliveries' || (queue === 'slow' && pointer.epoch === 0)) {
      if (!this.#seen.events.has(pointer.eventId)) this.#seen.fail(1, `${id}: sent before its event is kept`, now);
      return;
    }
    const epoch = this.#seen.records.get(id)?.record.epoch ?? -1;
    if (pointer.epoch > epoch) this.#seen.fail(5, `${id}: sent with epoch ${pointer.epoch} before it is written`, now);
    // A message is handed to slow as it is; one that comes twice, or whose hand-over was not acknowledged, again.
    if (queue === 'slow') return;
    const message = `${queue} ${id} ${pointer.epoch}`;
    if (this.#sent.has(message)) this.#seen.fail(3, `${id}: sent twice with epoch ${pointer.epoch}`, now);
    this.#sent.add(message);
  }
}

type Fail = (invariant: number, what: string) => void;

interface Refusal {
  invariant: number;
  what: string;
}
