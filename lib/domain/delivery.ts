import type { Event } from './event.ts';
import { type DeliveryKey, timeOf } from './ids.ts';
import type { ErrorKind } from './outcome.ts';

export type DeliveryStatus = 'pending' | 'retrying' | 'parked' | 'held' | 'delivered' | 'exhausted' | 'abandoned';

export type AbandonReason = 'disabled' | 'revoked' | 'expired' | 'discarded' | 'payload_deleted' | 'fault';
/** `uncommitted`: its entry is written for the consumers of a poll endpoint. */
export type WaitReason = 'rate_limited' | 'braked' | 'delayed' | 'uncommitted';
/** Never stored: history shows it of a delivery that should have a record by now. */
type ShownReason = 'unconfirmed';
export type HoldReason = 'paused' | 'breaker';

/** One HTTP request made for a delivery, in at most 200 bytes. */
export interface AttemptSummary {
  /** 1 for the first. */
  number: number;
  /** When the request started, milliseconds since the Unix epoch. */
  at: number;
  durationMs: number;
  /** Absent when there was no answer. */
  statusCode?: number;
  errorKind?: ErrorKind;
  /** At most 80 characters. */
  errorMessage?: string;
  /** Fingerprints of the secrets that signed it, newest first, separated by spaces; absent: it was not signed. */
  signedWith?: string;
}

/** A rate slot is reserved for one attempt of one generation of the endpoint. */
export interface RateSlot {
  attempt: number;
  generation: number;
  /** How many slots this attempt has had, when it came too late for the ones before; absent: 1. */
  taken?: number;
}

/**
 * The record of a delivery: one event for one endpoint, the unit of state. A matched endpoint that has no record yet is
 * pending. Times are milliseconds since the Unix epoch.
 */
export interface Delivery extends DeliveryKey {
  eventType: string;
  status: DeliveryStatus;
  statusReason?: AbandonReason | WaitReason | HoldReason | ShownReason;
  /** Raised by each write, which is conditional on the one that was read; 0: not written yet. */
  revision: number;
  /** All attempts made, oldest first; no other count of them matters (invariant 3). */
  attempts: readonly AttemptSummary[];
  /** Raised before another message is sent for this delivery: only a message of this epoch carries it on. */
  epoch: number;
  /** Attempts that earlier schedules used: a redrive opens a fresh one. */
  scheduleBase: number;
  /** When the present schedule made its first attempt, moved on by the time spent held. */
  scheduleStartedAt?: number;
  /** When the next attempt should come. */
  dueAt?: number;
  /** When sweep looks at it: everything unfinished has one (invariant 4). */
  checkAt?: number;
  heldAt?: number;
  /** The rate slot that its due time is. */
  slot?: RateSlot;
  /** Exhausted, and an alert told of it then: milliseconds since the Unix epoch. */
  alertSentAt?: number;
  /** Exhausted, and why its alert did not reach everyone who should have been told. */
  alertError?: string;
  /** Exhausted, and its message has not yet been accepted by the exhausted queue. */
  dlqPending?: true;
  /** Unexpected exceptions of ours, counted to five (docs/delivery-states.md, Faults). */
  faults?: number;
  /** The job that made it. */
  jobId?: string;
  /** The manual retry with an `Idempotency-Key` that made it, or made it due: a repeated call finds it by this. */
  retryId?: string;
  /** Of a manual retry or a replay: the ordinal of the delivery that it repeats. */
  retriedFromOrdinal?: number;
  /** Its event is a test. */
  isTest?: true;
  /** When its event was accepted, or when a person asked for the retry. */
  createdAt: number;
  updatedAt: number;
}

/** The record that a matched endpoint without one stands for: pending, no attempts, epoch 0, not written. */
export function newRecord(event: Pick<Event, 'type' | 'isTest'> | undefined, key: DeliveryKey): Delivery {
  const acceptedAt = timeOf(key.eventId);
  return {
    tenantId: key.tenantId,
    endpointId: key.endpointId,
    eventId: key.eventId,
    ordinal: key.ordinal,
    eventType: event?.type ?? '',
    status: 'pending',
    revision: 0,
    attempts: [],
    epoch: 0,
    scheduleBase: 0,
    ...(event?.isTest && { isTest: true }),
    createdAt: acceptedAt,
    updatedAt: acceptedAt,
  };
}

/** A record that was read and changed, as a write keeps it. */
export function revised(record: Delivery): Delivery {
  return { ...record, revision: record.revision + 1 };
}

export function attemptsOfSchedule(record: Delivery): number {
  return record.attempts.length - record.scheduleBase;
}

/**
 * When the schedule of a delivery that goes on now made its first attempt: the time spent held does not count.
 * @param now milliseconds since the Unix epoch, as the result
 * @returns undefined before the first attempt
 */
export function scheduleStart({ status, scheduleStartedAt, heldAt = 0 }: Delivery, now: number): number | undefined {
  if (status !== 'held' || scheduleStartedAt === undefined) return scheduleStartedAt;
  return scheduleStartedAt + (now - heldAt);
}
