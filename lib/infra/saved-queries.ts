import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LambdaEntry } from './written-in.ts';
import type { Stages } from './stage-function.ts';

/** A question about what happened, as CloudWatch Logs Insights asks it. */
export interface SavedQuery {
  /** Its name in the console, below a folder with the service's. */
  name: string;
  /** In whose logs the answer is. */
  of: readonly LambdaEntry[];
  /** A line for each command. */
  commands: readonly string[];
}

const SENDING = ['dispatch', 'jobs'] as const;
const ATTEMPTS = 'filter event = "dispatch.attempt"';
const FAILED = `${ATTEMPTS} and status != "delivered"`;

/** `FILL_IN` stands for what a person types. */
export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    name: 'Why did this delivery fail',
    of: [...SENDING, 'sweep'],
    commands: [
      'fields @timestamp, event, status, status_code, error_kind, error_message, attempt_number, duration_ms, next_retry_at',
      'filter event_id = "evt_FILL_IN" and endpoint_id = "ep_FILL_IN"',
      'sort @timestamp asc',
    ],
  },
  {
    name: 'All attempts of one event',
    of: SENDING,
    commands: [
      'fields @timestamp, endpoint_id, url, status, status_code, error_kind, error_message, attempt_number, next_retry_at',
      `${ATTEMPTS} and event_id = "evt_FILL_IN"`,
      'sort @timestamp asc',
    ],
  },
  {
    name: 'Failures by endpoint',
    of: SENDING,
    commands: [
      FAILED,
      'stats count(*) as failures, latest(error_kind) as last_error, latest(status_code) as last_code by tenant_id, endpoint_id, url',
      'sort failures desc',
      'limit 50',
    ],
  },
  {
    name: 'Retrying now, by endpoint',
    of: SENDING,
    commands: [
      // What was held or abandoned since its last attempt is not retrying. These lines do not have the delivery's id.
      'filter event in ["dispatch.attempt", "dispatch.held", "dispatch.abandoned"]',
      'stats latest(status) as now_status, latest(next_retry_at) as next_retry by tenant_id, event_id, endpoint_id, ordinal',
      'filter now_status in ["retrying", "parked"]',
      'stats count(*) as deliveries, sortsFirst(next_retry) as next_due by tenant_id, endpoint_id',
      'sort deliveries desc',
      'limit 50',
    ],
  },
  {
    name: 'What retries in the next hour',
    of: SENDING,
    commands: [
      `fields toMillis(@timestamp) / 1000 + retry_in_seconds as due`,
      `${FAILED} and due > now() and due < now() + 3600`,
      'stats count(*) as deliveries, sortsFirst(next_retry_at) as next_due by tenant_id, endpoint_id',
      'sort next_due asc',
      'limit 100',
    ],
  },
  {
    name: 'Slowest endpoints',
    of: SENDING,
    commands: [
      ATTEMPTS,
      'stats pct(duration_ms, 95) as p95_ms, max(duration_ms) as longest_ms, count(*) as lines by tenant_id, endpoint_id, url',
      'sort p95_ms desc',
      'limit 50',
    ],
  },
  {
    name: 'Exhausted, by tenant',
    of: SENDING,
    commands: [
      `${ATTEMPTS} and status = "exhausted"`,
      'stats count(*) as deliveries, count_distinct(endpoint_id) as endpoints, latest(error_kind) as last_error by tenant_id',
      'sort deliveries desc',
    ],
  },
  {
    name: 'Held and abandoned, by endpoint',
    of: [...SENDING, 'sweep'],
    commands: [
      'filter event in ["dispatch.held", "dispatch.abandoned", "sweep.expired"]',
      'stats count(*) as deliveries, latest(status) as last_status by event, tenant_id, endpoint_id',
      'sort deliveries desc',
      'limit 50',
    ],
  },
  {
    name: 'Endpoints that were paused, disabled or found slow',
    of: SENDING,
    commands: [
      'fields @timestamp, event, tenant_id, endpoint_id',
      'filter event in ["endpoint.tripped", "endpoint.gone", "endpoint.slow", "endpoint.quick"]',
      'sort @timestamp desc',
    ],
  },
  {
    name: 'Poison, with its cause',
    of: SENDING,
    commands: [
      'fields @timestamp, event, error, queue, message_id',
      'filter event in ["dispatch.poisoned", "job.poisoned"]',
      'sort @timestamp desc',
    ],
  },
  {
    name: 'What sources sent that can’t be an event',
    of: ['source'],
    commands: [
      'filter event = "source.refused"',
      'stats count(*) as messages, latest(message_id) as last_message by source, code',
      'sort messages desc',
    ],
  },
  {
    name: 'Faults of ours, by cause',
    of: ['account', 'authorizer', 'dispatch', 'endpoints', 'history', 'ingest', 'jobs', 'poll', 'source', 'sweep'],
    commands: [
      'filter level = "error"',
      'stats count(*) as lines, latest(@timestamp) as last_seen by event, error',
      'sort lines desc',
      'limit 50',
    ],
  },
  {
    name: 'What one request did',
    of: ['account', 'endpoints', 'history', 'ingest', 'poll'],
    commands: ['filter request_id = "FILL_IN"', 'sort @timestamp asc'],
  },
];

/** {@link SAVED_QUERIES}, in the console under "Saved queries". They cost nothing until somebody runs one. */
export class SavedQueries extends Construct {
  readonly definitions: readonly CfnQueryDefinition[];

  constructor(scope: Construct, id: string, service: string, stages: Stages) {
    super(scope, id);
    const logGroups = (of: SavedQuery['of']) => of.flatMap((entry) => stages[entry]?.logGroup.logGroupName ?? []);
    this.definitions = SAVED_QUERIES.filter(({ of }) => logGroups(of).length > 0).map(
      ({ name, of, commands }) =>
        new CfnQueryDefinition(this, name.replaceAll(/\W/g, ''), {
          name: `${service}/${name}`,
          queryString: commands.join('\n| '),
          logGroupNames: logGroups(of),
        }),
    );
  }
}
