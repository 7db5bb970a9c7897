import type { Endpoint } from './endpoint.ts';

/** What Postrider itself tells a tenant about its endpoints (docs/alerts.md). */
export const OPERATIONAL_TYPES = [
  'postrider.endpoint.paused',
  'postrider.endpoint.resumed',
  'postrider.endpoint.disabled',
  'postrider.delivery.exhausted',
] as const;
export type OperationalType = (typeof OPERATIONAL_TYPES)[number];

/** Those that a change of status raises. */
export type StatusAlertType = Exclude<OperationalType, 'postrider.delivery.exhausted'>;

/** What a change of an endpoint's status is to its owner; undefined: nothing to be told. */
export function statusAlertOf(
  before: Pick<Endpoint, 'status'>,
  after: Pick<Endpoint, 'status'>,
): StatusAlertType | undefined {
  if (before.status === after.status) return undefined;
  switch (after.status) {
    case 'paused':
      return 'postrider.endpoint.paused';
    case 'disabled':
      return 'postrider.endpoint.disabled';
    case 'active':
      return 'postrider.endpoint.resumed';
    case 'revoked':
      return undefined;
  }
}

/** So many of its last alerts are named in an endpoint. */
const NAMED_ALERTS = 3;

/** The endpoint, with the job of the alert that its present change raises. */
export function namingAlert(endpoint: Endpoint, jobId: string): Endpoint {
  return { ...endpoint, alertJobIds: [...(endpoint.alertJobIds ?? []), jobId].slice(-NAMED_ALERTS) };
}

/**
 * Was the change made that this job was written before? Its maker may have died, or come second. An endpoint that has
 * changed more often since can't tell: the alert then goes out, rather than none.
 */
export function hasRaised({ alertJobIds = [] }: Pick<Endpoint, 'alertJobIds'>, jobId: string): boolean {
  const [oldest = ''] = alertJobIds;
  return alertJobIds.includes(jobId) || (alertJobIds.length === NAMED_ALERTS && jobId < oldest);
}
