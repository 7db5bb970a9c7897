import type { Delivery } from '../../lib/domain/delivery.ts';
import { type DeliveryKey, deliveryId } from '../../lib/domain/ids.ts';
import { isFinal } from '../../lib/domain/delivery-state.ts';
import { delaysOf, maxAttempts } from '../../lib/dialects/retry-presets.ts';
import { type Evidence, type SeenRequest, type Written, pairId } from './evidence.ts';
import type { PollRules } from './polls/poll-rules.ts';

const DAY = 24 * 3_600_000;
const JITTER = 0.2;
/** Calls by which a person makes what waits due now. */
const HURRIES: ReadonlySet<string> = new Set(['retry', 'run']);
/** Without faults a release does not take longer: a page a second. */
const PROMPT = 30_000;
/** When a job looks again for what was beginning to wait for a slot while it looked first. */
const SLOT_CLAIM = 15_000;

/** Judges one write of a record, at the moment of its effect. */
export class RecordRules {
  readonly #seen: Evidence;
  readonly #polls: PollRules;
  readonly #quiet: boolean;

  constructor(evidence: Evidence, polls: PollRules, quiet: boolean) {
    this.#seen = evidence;
    this.#polls = polls;
    this.#quiet = quiet;
  }

  /** @param task what the writing process is doing */
  written(after: Delivery, now: number, task: string): void {
    const id = deliveryId(after);
    const known = this.#seen.records.get(id);
    const before = known?.record;
    const fail = (invariant: number, what: string) => this.#seen.fail(invariant, `${id}: ${what}`, now);
    this.#judgeStatus(before, after, now, fail);
    judgeDueIndex(after, fail);
    if (before && after.epoch < before.epoch) fail(5, `its epoch went back from ${before.epoch} to ${after.epoch}`);
    const request = this.#judgeAttempts(before, after, fail);
    if (!before && after.jobId !== undefined) this.#judgeJob(after, fail);
    if (known && request) this.#judgeSlot(known, request, fail);
    if (request) this.#judgeDueTime(after, request, fail);
    else if (before && after.statusReason !== 'uncommitted')
      judgeMove(before, after, HURRIES.has(task) || isFreed(before, after, task), fail);
    // An attempt may be under way while a person asks for another.
    if (HURRIES.has(task)) this.#seen.handled.add(pairId(after));
    const isUnbraked = before?.statusReason === 'braked' && after.statusReason !== 'braked';
    const unbrakedAt = isUnbraked ? now : known?.unbrakedAt;
    const statusSince = known && before?.status === after.status ? known.statusSince : now;
    this.#seen.records.set(id, {
      record: after,
      writtenAt: now,
      statusSince,
      ...(unbrakedAt !== undefined && { unbrakedAt }),
    });
  }

  /** 16: a job makes one delivery a pair, and none of a pair that still waits. */
  #judgeJob(made: Delivery, fail: Fail): void {
    const records = this.#seen.recordsOf(made);
    const earlier = records.filter(({ jobId }) => jobId === made.jobId);
    if (earlier.length > 0) fail(16, `made by ${made.jobId}, which has made another of the pair`);
    const matched = this.#seen.events.get(made.eventId)?.endpointIds.includes(made.endpointId);
    const [latest] = records.slice(-1);
    // A redrive may have opened it since the job looked.
    const waits = latest ? !isFinal(latest.status) && !this.#seen.redriven.has(deliveryId(latest)) : matched;
    if (waits) fail(16, 'made by a job, and the one before it still waits');
  }

  #judgeStatus(before: Delivery | undefined, after: Delivery, now: number, fail: Fail): void {
    const from = before?.status;
    const to = after.status;
    if (from === 'delivered') fail(7, `it was delivered and was written again, as ${to}`);
    const isPolled = this.#seen.isPolled(after.endpointId);
    if (to === 'delivered' && isPolled) this.#polls.delivered(after, now);
    else if (to === 'delivered' && !isSuccess(after.attempts.at(-1)?.statusCode)) fail(7, 'delivered without a 2xx');
    if (after.statusReason === 'uncommitted' && !this.#polls.isWritten(after))
      fail(21, 'it waits for consumers, and was not written for them');
    if (from === 'abandoned' && to !== 'delivered') fail(1, `it was abandoned and became ${to}`);
    if (from === 'exhausted' && !['exhausted', 'delivered', 'retrying'].includes(to)) fail(9, `exhausted became ${to}`);
    if (before && from === 'exhausted' && to === 'retrying') this.#judgeRedrive(before, after, fail);
    else if ((before?.scheduleBase ?? 0) !== after.scheduleBase) fail(9, 'a fresh schedule without a redrive');
    if (before && from === 'held' && isWaiting(after)) this.#judgeRelease(before, now, fail);
    if (to === 'abandoned') this.#judgeAbandoning(before, after, now, fail);
    if (to === 'exhausted' && from !== 'exhausted') {
      this.#judgeExhausting(after, fail);
      this.#seen.exhausted.push({ record: after, at: now });
    }
  }

  /** 10: without faults, what is held is released soon after the resume. */
  #judgeRelease({ endpointId, heldAt = 0 }: Delivery, now: number, fail: Fail): void {
    const versions = this.#seen.versionsOf(endpointId);
    const active = versions.findLastIndex(({ endpoint }) => endpoint.status !== 'active') + 1;
    const since = Math.max(versions[active]?.at ?? now, heldAt);
    if (this.#quiet && now > since + PROMPT) fail(10, `released ${now - since} ms after its endpoint became active`);
  }

  /**
   * 12: without faults, what waits for a slot goes soon after the limit was removed; after the job's second look, if it
   * was being written then.
   */
  #judgeSlot({ record, writtenAt }: Written, { calledAt }: SeenRequest, fail: Fail): void {
    const { endpointId, statusReason, slot } = record;
    if (!this.#quiet || statusReason !== 'rate_limited' || slot === undefined) return;
    const versions = this.#seen.versionsOf(endpointId);
    const removed = versions[versions.findLastIndex(({ endpoint }) => endpoint.rateLimitPerSecond) + 1];
    const isOld = removed !== undefined && slot.generation < removed.endpoint.generation;
    if (!isOld) return;
    const longest = writtenAt > removed.at ? SLOT_CLAIM + PROMPT : PROMPT;
    if (calledAt > removed.at + longest) fail(12, `its slot is of a limit that was removed at ${removed.at}`);
  }

  #judgeRedrive(before: Delivery, after: Delivery, fail: Fail): void {
    if (!this.#seen.redriven.get(deliveryId(before))?.has(before.epoch)) fail(9, 'reopened, and nobody redrove it');
    const repeated = this.#seen.recordsOf(before).some((one) => one.retriedFromOrdinal === before.ordinal);
    if (repeated && this.#quiet) fail(9, 'redriven, and a person had it repeated before');
    if (after.scheduleBase !== after.attempts.length) fail(9, 'redriven without a fresh schedule');
  }

  /** 1: a delivery is abandoned only for a reason that its owner can see. */
  #judgeAbandoning(before: Delivery | undefined, after: Delivery, now: number, fail: Fail): void {
    const versions = this.#seen.versionsOf(after.endpointId);
    const reason = after.statusReason;
    const shut = versions.some(({ endpoint: { status, abandonBefore = 0 } }) =>
      status === 'disabled' || status === 'revoked' ? true : after.createdAt < abandonBefore,
    );
    if ((reason === 'disabled' || reason === 'revoked') && !shut) fail(1, 'abandoned, and its endpoint was never shut');
    const isPolled = this.#seen.isPolled(after.endpointId);
    if (reason === 'expired' && isPolled) this.#polls.expired(before, after, now);
    else if (reason === 'expired' && now - (before?.heldAt ?? now) < 14 * DAY) fail(10, 'expired before its 14 days');
    if (reason === 'fault' && this.#seen.bugs < 5) fail(3, 'abandoned for a fault of ours that passes');
    if (reason === 'payload_deleted' && !this.#seen.erasing.has(after.eventId))
      fail(1, 'abandoned, its payload unasked');
    if (reason === 'discarded' && !versions.some(({ by }) => by === 'discard')) fail(10, 'discarded, unasked');
  }

  #judgeExhausting(after: Delivery, fail: Fail): void {
    const used = after.attempts.length - after.scheduleBase;
    const least = Math.min(...this.#policies(after).map(maxAttempts));
    const overtime = after.updatedAt - (after.scheduleStartedAt ?? 0) >= 13 * DAY;
    if (used < least && !overtime) fail(3, `exhausted after ${used} of ${least} attempts`);
  }

  /** 3: one attempt a request, as many as the schedule has. Answers the request that this write stands for. */
  #judgeAttempts(before: Delivery | undefined, after: Delivery, fail: Fail): SeenRequest | undefined {
    const known = before?.attempts ?? [];
    if (known.some(({ at }, index) => after.attempts[index]?.at !== at)) fail(3, 'an attempt was lost or rewritten');
    const added = after.attempts.length - known.length;
    if (added > 1) fail(3, `${added} attempts in one write`);
    const failed = after.attempts.slice(after.scheduleBase).filter(({ statusCode }) => !isSuccess(statusCode)).length;
    const most = Math.max(...this.#policies(after).map(maxAttempts));
    if (failed > most) fail(3, `${failed} failed attempts in a schedule of ${most}`);
    const attempt = after.attempts.at(-1);
    if (added !== 1 || !attempt) return undefined;
    // Of two that began together, take the one that allows the earlier retry.
    const [request] = this.#seen
      .requestsOf(after)
      .filter((one) => !one.recorded && one.calledAt === attempt.at && one.statusCode === attempt.statusCode)
      .toSorted((one, other) => earliestRetry(one) - earliestRetry(other));
    if (!request) fail(3, 'an attempt was counted, and there was no such request');
    else request.recorded = true;
    return request;
  }

  /** 6: what is recorded as due is what the schedule and the customer's Retry-After ask for. */
  #judgeDueTime(after: Delivery, { answeredAt = 0, retryAfterSeconds = 0 }: SeenRequest, fail: Fail): void {
    if (!isWaiting(after) || after.dueAt === undefined) return;
    const limit = (after.scheduleStartedAt ?? 0) + 13 * DAY;
    const used = after.attempts.length - after.scheduleBase;
    const delays = this.#policies(after).map((policy) => delaysOf(policy)[used - 1] ?? Number.POSITIVE_INFINITY);
    const least = Math.max(Math.min(...delays) * (1 - JITTER), retryAfterSeconds) * 1000;
    if (after.dueAt < Math.min(answeredAt + least, limit)) fail(6, 'due before its schedule allows');
  }

  #policies({ endpointId }: Pick<DeliveryKey, 'endpointId'>) {
    return this.#seen.versionsOf(endpointId).map(({ endpoint }) => endpoint.retry);
  }
}

function earliestRetry({ answeredAt = Number.POSITIVE_INFINITY, retryAfterSeconds = 0 }: SeenRequest): number {
  return answeredAt + retryAfterSeconds * 1000;
}

type Fail = (invariant: number, what: string) => void;

/**
 * 6: without an attempt, a due time moves to a rate slot that is reserved for it and noted with it, and never back; or to
 * now, for a person who asks for it or who lifts the rate limit.
 */
function judgeMove(before: Delivery, after: Delivery, asked: boolean, fail: Fail): void {
  const { dueAt: from = 0, slot } = before;
  const { dueAt: to = 0, slot: noted } = after;
  if (!isWaiting(before) || !isWaiting(after) || from === to) return;
  if (asked && after.epoch > before.epoch) return;
  const isNew = JSON.stringify(noted) !== JSON.stringify(slot);
  if (!noted || !isNew || to < from) fail(6, `its due time moved from ${from} to ${to} without an attempt`);
}

/** A job makes what waits for a slot due now, without that slot. */
function isFreed(before: Delivery, after: Delivery, task: string): boolean {
  return task === 'jobs' && before.statusReason === 'rate_limited' && after.slot === undefined;
}

/** 4: the same write puts everything unfinished into the due index, and takes what is finished out. */
function judgeDueIndex(after: Delivery, fail: Fail): void {
  const unfinished = !isFinal(after.status) || after.dlqPending === true;
  if (unfinished && after.checkAt === undefined) fail(4, `${after.status}, and not in the due index`);
  if (!unfinished && after.checkAt !== undefined) fail(4, `${after.status}, and still in the due index`);
}

export function isWaiting({ status }: Pick<Delivery, 'status'>): boolean {
  return status === 'pending' || status === 'retrying' || status === 'parked';
}

export function isSuccess(statusCode: number | undefined): boolean {
  return statusCode !== undefined && statusCode >= 200 && statusCode < 300;
}
