import type { Delivery } from '../../lib/domain/delivery.ts';
import { statusAlertOf } from '../../lib/domain/operational-event.ts';
import type { LogFields } from '../../lib/ports/log.ts';
import { TENANT } from './api-calls.ts';
import type { Evidence, ToldAlert } from './evidence.ts';

const HOUR = 3_600_000;

/** Takes an alert from the line that the pipeline logs of it. */
export function noteAlert(seen: Evidence, now: number, event: string, fields: LogFields = {}): void {
  if (event !== 'job.alert' || fields['tenant_id'] !== TENANT) return;
  seen.told.push({
    jobId: String(fields['job_id']),
    endpointId: String(fields['endpoint_id']),
    type: String(fields['event_type']),
    raisedAt: Date.parse(String(fields['raised_at'])),
    at: now,
  });
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
  for (const { record } of seen.records.values()) {
    if (record.status !== 'exhausted' || isRepeated(record)) continue;
    const isTold = seen.told.some(
      ({ endpointId, type, at }) => endpointId === record.endpointId && type === EXHAUSTED && at >= record.updatedAt,
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
