import { DAY, HOUR, MINUTE, SECOND } from './durations.ts';

/* The waiting times of docs/delivery-states.md, in milliseconds unless the name says otherwise. */

/** Sweep looks at a waiting delivery between these two after it was due. */
export const CHECK_GRACE = 15 * MINUTE;
export const LEAST_CHECK_GRACE = 5 * MINUTE;
/**
 * Sweep looks at a delivery this long after its message went to the queue slow: each look sends another message, so it is
 * rare, and well before the queue drops the first one.
 */
export const SLOW_CHECK = DAY;
/** Sweep takes a parked delivery up this long before it is due. */
export const PARK_LEAD = 2 * MINUTE;
/** Sweep looks this often whether a brake is still set. */
export const BRAKE_CHECK = 5 * MINUTE;
/** A change whose job was written this long ago, and that has not been made, is never made. */
export const CHANGE_LIMIT = 10 * MINUTE;
/** A job that has not moved for this long is sent again. */
export const JOB_CHECK = 15 * MINUTE;
/** Sweep looks again at what it could not move after half the time that it is overdue, within these two. */
const FIRST_POSTPONEMENT = MINUTE;
const LONGEST_POSTPONEMENT = HOUR;
/** Between the two passes of a job: whatever was at work when the first one began has ended by then. */
export const SECOND_PASS_PAUSE = 15 * MINUTE;
/** How long an `Idempotency-Key` stands for the same thing. */
export const CLAIMS_KEPT = DAY;
/** How far back a table can be restored (DynamoDB: "Point-in-time recovery"). */
export const BACKUPS_KEPT = 35 * DAY;
/** A change of what an endpoint matches that has not ended after this long is finished by its job. */
export const REPAIR_CHECK = MINUTE;
/** Deliveries of an endpoint that are exhausted within this time are told of together: whole seconds. */
export const GATHER_SECONDS = 30;
/** Of exhausted deliveries of an endpoint, alerts are at least this far apart. */
export const ALERT_INTERVAL = HOUR;
/** A change of a tenant's settings that has not ended after this long is completed by sweep. */
export const SETTINGS_CHECK = MINUTE;
/** A longer wait is in the table, not in a queue. */
export const PARK_BEYOND = 11.5 * HOUR;
/** A stale message may act when its delivery has been due for this long. */
export const STALE_OVERDUE = 2 * MINUTE;
/** An attempt that comes this late has lost its rate slot: a tenth of the minute for which a limit is promised. */
const SLOT_LATENESS = 6 * SECOND;
/** The first probe of an endpoint comes this long after the breaker has paused it. */
export const FIRST_COOL_DOWN = 5 * MINUTE;
/** A failed probe doubles the time to the next one, up to this. */
export const LONGEST_COOL_DOWN = 6 * HOUR;
/** A probe that found nothing to send looks again after this long, then twice as long, up to the second. */
export const FIRST_LOOK = MINUTE;
export const LONGEST_LOOK = 15 * MINUTE;
/** A probe that has not ended after this long is made again. */
export const PROBE_LEASE = 2 * MINUTE;
/** A held delivery is given up after this long. */
export const HOLD_LIMIT = 14 * DAY;
/** What the consumers of a poll endpoint have not committed after this long is given up. */
export const POLL_KEPT = 14 * DAY;
/** A consumer that has committed nothing for this long no longer counts. */
export const CONSUMER_IDLE = 7 * DAY;
/** An entry comes to light within this time of its writing: its writers end before. */
export const POLL_REREAD = MINUTE;
/** The job of a poll endpoint looks this often. */
export const SETTLE_CHECK = HOUR;
/** A hidden message older than this is replaced by a new one. */
export const MESSAGE_MAX_AGE = 7 * DAY;
/** A message received more often than this is replaced by a new one. */
export const MESSAGE_MAX_RECEIVES = 50;
/**
 * The receive at which a first attempt that cannot be made leaves deliveries or slow, whose receives are limited: it gets a
 * record, and waits in retries.
 */
export const FIRST_ATTEMPT_RECEIVES = 5;
/** A request starts at most this long after the start of the endpoint's read (invariant 8). */
export const READ_IS_FRESH = SECOND;
/** Dispatch starts nothing that cannot end this long before its deadline. */
export const DEADLINE_MARGIN = 10 * SECOND;
/** A page of a job starts only with this much time left: a hundred records are read and written. */
export const PAGE_TIME = 20 * SECOND;
/** A page that erases a tenant goes on for this long: well within {@link PAGE_TIME}. */
export const ERASING_TIME = 8 * SECOND;
/** So does a probe: an endpoint's longest timeout (30 s), and the margin. */
export const PROBE_TIME = 30 * SECOND + DEADLINE_MARGIN;
/** A pending delivery that has no record after this long is shown as unconfirmed. */
export const UNCONFIRMED_AFTER = HOUR;
/**
 * A repeated post sends its messages this much later: ingest's timeout (28 s), a customer's answer (30 s at most), and
 * half a minute in the queue, after which the messages of the first post have left a record.
 */
export const REPEAT_DELAY_SECONDS = 90;

/** When sweep looks again at what it could not move at `now`: ever later, until it looks once an hour. */
export function postponedCheck(checkAt: number, now: number): number {
  return now + Math.min(Math.max(Math.floor((now - checkAt) / 2), FIRST_POSTPONEMENT), LONGEST_POSTPONEMENT);
}

/**
 * How late an attempt may come for its rate slot, milliseconds. It doubles with each slot that was lost, so that what
 * always waits longer than that, in a backlog, gets one in the end.
 * @param taken how many slots the attempt has had, this one included
 */
export function slotLateness(taken: number): number {
  return SLOT_LATENESS * 2 ** Math.min(taken - 1, 20);
}

/**
 * A wait that doubles each time.
 * @param times how often it was waited for, from 1 on
 */
export function doublingSeconds(first: number, times: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(times - 1, 10), longest);
}
