import type { LogFields } from '../../ports/log.ts';

export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'None';

/**
 * What the lines of the log count and measure, by the names that CloudWatch shows. What API Gateway, Lambda, SQS and DynamoDB
 * count already (requests, messages, ages, throttles) is not counted again.
 */
export const METRICS = {
  /** Events that got a 202; a repeated post counts once. */
  EventsAccepted: 'Count',
  AttemptsSucceeded: 'Count',
  AttemptsFailed: 'Count',
  /** Of first attempts and probes: 1 for one that got any answer, 0 for one that got none. Its average is a share. */
  RequestAnswered: 'None',
  /** From the 202 to the start of the first attempt. */
  TimeToFirstAttempt: 'Milliseconds',
  /** From the 202 to the start of the attempt that succeeded. Not of manual retries. */
  TimeToDelivery: 'Milliseconds',
  DeliveriesDelivered: 'Count',
  DeliveriesExhausted: 'Count',
  /** Of these, deliveries whose last attempt got no answer. */
  ExhaustedUnanswered: 'Count',
  DeliveriesHeld: 'Count',
  DeliveriesParked: 'Count',
  DeliveriesAbandoned: 'Count',
  EndpointsPaused: 'Count',
  EndpointsDisabled: 'Count',
  /** How overdue the oldest delivery was that sweep had to send again. */
  OldestDue: 'Seconds',
  DeliveriesSentBySweep: 'Count',
} as const satisfies Record<string, MetricUnit>;

export type MetricName = keyof typeof METRICS;

/** A metric and a value of it. */
export type Sample = readonly [MetricName, number];

const NONE: readonly Sample[] = [];

/** The samples in a line, by its name and its fields, before any line is left out. */
export function samplesOf(event: string, fields: LogFields = {}): readonly Sample[] {
  switch (event) {
    case 'ingest.accepted':
      return [['EventsAccepted', 1]];
    case 'dispatch.attempt':
      return ofAttempt(fields);
    case 'job.probe':
      return [answered(fields.status_code)];
    case 'dispatch.held':
      return [['DeliveriesHeld', 1]];
    case 'dispatch.abandoned':
    case 'sweep.expired':
      return [['DeliveriesAbandoned', 1]];
    case 'endpoint.tripped':
      return [['EndpointsPaused', 1]];
    case 'endpoint.gone':
      return [['EndpointsDisabled', 1]];
    case 'sweep.done':
      return ofSweep(fields);
    default:
      return NONE;
  }
}

const BY_STATUS: Readonly<Record<string, MetricName>> = {
  delivered: 'DeliveriesDelivered',
  exhausted: 'DeliveriesExhausted',
  parked: 'DeliveriesParked',
};

function ofAttempt({ status, status_code, attempt_number, ordinal, since_accepted_ms }: LogFields): Sample[] {
  const samples: Sample[] = [[status === 'delivered' ? 'AttemptsSucceeded' : 'AttemptsFailed', 1]];
  const outcome = BY_STATUS[String(status)];
  if (outcome) samples.push([outcome, 1]);
  if (status === 'exhausted' && status_code === undefined) samples.push(['ExhaustedUnanswered', 1]);
  if (attempt_number === 1) samples.push(answered(status_code));
  if (ordinal !== 0 || typeof since_accepted_ms !== 'number') return samples;
  if (attempt_number === 1) samples.push(['TimeToFirstAttempt', since_accepted_ms]);
  if (status === 'delivered') samples.push(['TimeToDelivery', since_accepted_ms]);
  return samples;
}

const answered = (statusCode: LogFields[string]): Sample => ['RequestAnswered', statusCode === undefined ? 0 : 1];

function ofSweep({ resent, oldest_due_seconds }: LogFields): Sample[] {
  const samples: Sample[] = [];
  if (typeof resent === 'number' && resent > 0) samples.push(['DeliveriesSentBySweep', resent]);
  if (typeof oldest_due_seconds === 'number') samples.push(['OldestDue', oldest_due_seconds]);
  return samples;
}
