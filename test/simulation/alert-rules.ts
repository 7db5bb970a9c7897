import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { isReservedType } from '../../lib/domain/event-type.ts';
import { type OperationalType, statusAlertOf } from '../../lib/domain/operational-event.ts';
import type { LogFields } from '../../lib/ports/log.ts';
import { TENANT } from './api-calls.ts';
import type { Evidence, ToldAlert } from './evidence.ts';
import { judgeMatching } from './matching-rules.ts';

const HOUR = 3_600_000;

/** Takes an alert from the line that the pipeline logs of it. Its event is a promise, as that of an accepted post is. */
export function noteAlert(seen: Evidence, now: number, event: string, fields: LogFields = {}): void {
  if (event !== 'job.alert' || fields['tenant_id'] !== TENANT) return;
  const raisedAt = Date.parse(String(fields['raised_at']));
  const eventId = fields['event_id'] as string | undefined;
  seen.told.push({
    jobId: String(fields['job_id']),
    endpointId: String(fields['endpoint_id']),
    type: fields['event_type'] as OperationalType,
    eventId,
    raisedAt,
    at: now,
  });
  if (eventId !== undefined) seen.accepted.push({ eventId, askedAt: raisedAt, answeredAt: now });
}

type Fail = (invariant: number, what: string) => void;

/** 22: each change of status is told, and exhausted deliveries are, at most once an hour; no alert is about another. */
export function judgeAlerts(seen: Evidence, isRepeated: (record: Delivery) => boolean, fail: Fail): void {
  // Telling the same one again, after a crash, makes no other event.
  const told = new Map(seen.told.map((one) => [`${one.jobId} ${one.raisedAt}`, one]));
  for (const endpointId of seen.endpoints.keys()) {
    const about = [...told.values()].filter((one) => one.endpointId === endpointId);
    judgeChanges(seen, endpointId, about, fail);
    judgeInterval(endpointId, about, fail);
  }
  for (const alert of seen.told) {
    judgeUnasked(seen, alert, fail);
    if (alert.type === EXHAUSTED) judgeSubject(seen, alert, fail);
  }
  for (const { record, statusSince } of seen.records.values()) {
    if (record.status !== 'exhausted' || isReservedType(record.eventType) || isRepeated(record)) continue;
    const isTold = seen.told.some(
      ({ endpointId, type, at }) => endpointId === record.endpointId && type === EXHAUSTED && at >= statusSince,
    );
    if (!isTold) fail(22, `an exhausted delivery of ${record.endpointId} to ${record.eventId} was not told`);
  }
}

const EXHAUSTED = 'postrider.delivery.exhausted';

function judgeChanges(seen: Evidence, endpointId: string, about: readonly ToldAlert[], fail: Fail): void {
  const versions = seen.versionsOf(endpointId).map(({ endpoint }) => endpoint);
  const made = versions.slice(1).map((after, index) => statusAlertOf(versions[index] ?? after, after));
  for (const type of new Set(made.filter((one) => one !== undefined))) {
    const changes = made.filter((one) => one === type).length;
    const alerts = about.filter((one) => one.type === type).length;
    if (alerts < changes) fail(22, `${endpointId} had ${changes} changes of ${type}, and ${alerts} were told`);
  }
}

function judgeInterval(endpointId: string, about: readonly ToldAlert[], fail: Fail): void {
  const times = about.filter(({ type }) => type === EXHAUSTED).map(({ raisedAt }) => raisedAt);
  const sorted = times.toSorted((a, b) => a - b);
  const tooSoon = sorted.some((at, index) => at - (sorted[index - 1] ?? Number.NEGATIVE_INFINITY) < HOUR);
  if (tooSoon) fail(22, `exhausted deliveries of ${endpointId} were told twice within an hour`);
}

/** An alert that was posted to nobody is one that nobody has asked for. */
function judgeUnasked(seen: Evidence, { type, eventId, raisedAt, at }: ToldAlert, fail: Fail): void {
  if (eventId !== undefined) return;
  const event = { id: `the alert ${type}`, type, endpointIds: [], acceptedAt: raisedAt };
  judgeMatching(seen, event, { askedAt: raisedAt, answeredAt: at }, fail);
}

/** What exhausted deliveries it counts and shows: of its endpoint, and of no alert. */
function judgeSubject(seen: Evidence, { endpointId, eventId, at }: ToldAlert, fail: Fail): void {
  const ordinary = seen.exhausted.filter(
    (one) => one.record.endpointId === endpointId && one.at <= at && !isReservedType(one.record.eventType),
  );
  const ids = new Set(ordinary.map(({ record }) => deliveryId(record)));
  if (ids.size === 0) return fail(22, `${endpointId} was told of, and had exhausted nothing but alerts`);
  const data = eventId === undefined ? undefined : seen.events.get(eventId)?.data;
  if (data === undefined) return undefined;
  const { count, latest } = JSON.parse(data) as { count: number; latest: { delivery_id: string } };
  if (count > ids.size) fail(22, `${count} exhausted deliveries of ${endpointId} were told, and it had ${ids.size}`);
  if (!ids.has(latest.delivery_id)) fail(22, `${latest.delivery_id} was told of as exhausted, and is an alert`);
  return undefined;
}
