// What each function may do, as test/infra/functions.test.ts expects it of the template.

import {
  CHANGED_BY_JOBS,
  CHANGED_BY_RESPONSES,
  CHANGED_BY_SWEEP,
} from '../../lib/adapters/dynamodb/layout/changed-attributes.ts';
import { QUEUE_NAMES } from '../../lib/ports/queues.ts';

const works = (queue: string) =>
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} queue ${queue}`);
/** {@link works}, and hides what has to wait. */
const consumes = (queue: string) => [`sqs:ChangeMessageVisibility queue ${queue}`, ...works(queue)];
/** Receives and deletes, of a queue that nothing consumes. */
const empties = (queue: string) => ['DeleteMessage', 'ReceiveMessage'].map((action) => `sqs:${action} queue ${queue}`);
const calls = (table: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} table ${table}`);
/** {@link calls} on some partitions only. */
const callsOn = (table: string, partitions: string, ...actions: string[]) =>
  calls(table, ...actions).map((right) => `${right} of ${partitions}`);
/** Changes of these attributes only. */
const changes = (partitions: string, attributes: readonly string[]) =>
  callsOn('config', `${partitions}: ${[...attributes, 'pk', 'sk'].toSorted().join(', ')}`, 'UpdateItem');
/** With the context that data keys are wrapped with. */
const ofKey = (...actions: string[]) => actions.map((action) => `kms:${action} key of service=postrider`);
const sends = (...queues: string[]) => queues.map((queue) => `sqs:SendMessage queue ${queue}`);

/** Who may call, and what the platform has set. */
const CONTROL =
  'AUDIT#*, BRAKES#*, DEPLOYMENT, KEY#*, KEYS#*, META#*, MFA#*, SESSION#*, SESSIONS#*, TENANTS#*, TYPES#*';

/** Of config, what an attempt reads, and what its answer may change of its endpoint. */
const ofAttempts = (changed: typeof CHANGED_BY_RESPONSES | typeof CHANGED_BY_JOBS) => [
  ...callsOn('config', 'BRAKES#*, ENDPOINTS#*', 'BatchGetItem'),
  ...changes('ENDPOINTS#*', changed.endpoints),
  ...changes('META#*', changed.meta),
  ...changes('SLOT#*', changed.slots),
  ...callsOn('config', 'SUBSCRIPTIONS#*', 'DeleteItem'),
];

/** What the end of a tenant takes. */
export const ERASES_TENANTS = [
  ...callsOn('config', 'KEYS#*, NUMBERS#*, SESSIONS#*, TYPES#*', 'Query'),
  ...callsOn(
    'config',
    'ALERTS#*, ENDPOINTS#*, KEY#*, KEYS#*, MFA#*, NUMBER#*, NUMBERS#*, SESSION#*, SESSIONS#*, SLOT#*, TYPES#*',
    'DeleteItem',
  ),
  ...callsOn('config', 'BRAKES#*, TENANTS#*', 'UpdateItem'),
  ...callsOn('config', 'BRAKES#*, META#*', 'PutItem'),
  ...callsOn('log', 'ATTEMPTS#*, CONSUMERS#*, DELIVERY#*, EVENT#*, JOB#*, POLL#*, QUOTA#*, USAGE#*', 'DeleteItem'),
  ...callsOn('log', 'DELIVERY#*, EVENT#*', 'BatchWriteItem'),
];

const INGESTS = [
  ...calls('config', 'GetItem', 'Query'),
  ...callsOn('config', 'META#*, TENANTS#*', 'PutItem', 'UpdateItem'),
  ...calls('log', 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'),
  ...sends('deliveries', 'jobs'),
];

/** Everything that a function may do besides writing its log. */
export const RIGHTS: Record<string, string[]> = {
  account: [
    ...callsOn('config', CONTROL, 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    ...callsOn('config', 'ALERTS#*', 'GetItem'),
    ...callsOn('config', 'SETTINGS', 'UpdateItem'),
    ...callsOn('config', 'MFA#*, SETTINGS, TYPES#*', 'DeleteItem'),
    ...ofKey('Decrypt', 'GenerateDataKey'),
  ],
  authorizer: [
    ...callsOn('config', 'KEY#*', 'GetItem', 'UpdateItem'),
    ...callsOn('config', 'SESSION#*, SESSIONS#*', 'GetItem'),
    ...callsOn('config', 'DEPLOYMENT', 'GetItem'),
  ],
  dispatch: [
    ...ofAttempts(CHANGED_BY_RESPONSES),
    ...callsOn('config', 'DEPLOYMENT, ENDPOINTS#*, META#*', 'GetItem'),
    ...calls('log', 'BatchGetItem', 'GetItem', 'PutItem'),
    ...callsOn('log', 'USAGE#*', 'UpdateItem'),
    ...sends('exhausted', 'jobs', 'poison', 'retries', 'slow'),
    ...consumes('deliveries'),
    ...consumes('retries'),
    ...ofKey('Decrypt'),
  ],
  endpoints: [
    ...callsOn('config', 'NUMBER#*', 'BatchGetItem'),
    ...callsOn(
      'config',
      'DEPLOYMENT, ENDPOINTS#*, META#*, MFA#*, NUMBER#*, NUMBERS#*, SUBSCRIPTIONS#*, TENANTS#*, TYPES#*',
      'GetItem',
    ),
    ...callsOn('config', 'ENDPOINTS#*, NUMBERS#*, TYPES#*', 'Query'),
    ...callsOn(
      'config',
      'AUDIT#*, ENDPOINTS#*, META#*, MFA#*, NUMBER#*, NUMBERS#*, SUBSCRIPTIONS#*, TENANTS#*',
      'PutItem',
    ),
    ...callsOn('config', 'AUDIT#*, DEPLOYMENT, ENDPOINTS#*, META#*, NUMBERS#*, TENANTS#*', 'UpdateItem'),
    ...callsOn('config', 'NUMBERS#*, SUBSCRIPTIONS#*', 'DeleteItem'),
    ...calls('log', 'BatchGetItem', 'GetItem', 'PutItem', 'Query'),
    ...callsOn('log', 'EVENT#*', 'DeleteItem', 'UpdateItem'),
    ...callsOn('log', 'QUOTA#*', 'UpdateItem'),
    ...calls('log/index/by_status', 'Query'),
    ...sends('deliveries', 'jobs', 'retries', 'slow'),
    ...['exhausted', 'poison'].flatMap(empties),
    ...ofKey('Decrypt', 'GenerateDataKey'),
  ],
  history: [
    ...callsOn('config', 'TENANTS#*', 'Query'),
    ...calls('config/index/by_trouble', 'Query'),
    ...calls('log/index/by_due_minute', 'Query'),
    ...QUEUE_NAMES.map((queue) => `sqs:GetQueueAttributes queue ${queue}`),
    ...calls('config', 'GetItem'),
    ...calls('log', 'BatchGetItem', 'GetItem', 'Query'),
    ...calls('log/index/by_status', 'Query'),
  ],
  ingest: INGESTS,
  jobs: [
    ...ofAttempts(CHANGED_BY_JOBS),
    ...callsOn('config', 'BRAKES#*, DEPLOYMENT, ENDPOINTS#*, META#*, SUBSCRIPTIONS#*, TYPES#*', 'GetItem'),
    ...callsOn('config', 'ENDPOINTS#*, SUBSCRIPTIONS#*', 'Query'),
    ...callsOn('config', 'SUBSCRIPTIONS#*', 'PutItem'),
    ...callsOn('config', 'DEPLOYMENT', 'UpdateItem'),
    ...ERASES_TENANTS,
    ...calls('log', 'BatchGetItem', 'GetItem', 'PutItem', 'Query'),
    ...callsOn('log', 'EVENT#*, QUOTA#*, USAGE#*', 'UpdateItem'),
    ...calls('log/index/by_status', 'Query'),
    ...sends('deliveries', 'exhausted', 'jobs', 'poison', 'retries', 'slow'),
    'sqs:GetQueueAttributes queue retries',
    ...consumes('jobs'),
    ...consumes('slow'),
    ...ofKey('Decrypt', 'GenerateDataKey'),
  ],
  poll: [
    ...callsOn('config', 'DEPLOYMENT, ENDPOINTS#*', 'GetItem'),
    ...callsOn('config', 'BRAKES#*, ENDPOINTS#*', 'BatchGetItem'),
    ...calls('log', 'BatchGetItem', 'GetItem'),
    ...callsOn('log', 'CONSUMERS#*, POLL#*', 'Query'),
    ...callsOn('log', 'CONSUMERS#*, DELIVERY#*', 'PutItem'),
    ...callsOn('log', 'CONSUMERS#*', 'DeleteItem'),
    ...callsOn('log', 'USAGE#*', 'UpdateItem'),
    ...ofKey('Decrypt'),
  ],
  // With the sources of test/infra/synthesized.ts.
  source: [
    ...INGESTS,
    ...['PostriderSourceQueueorders2DA76089', 'arn:aws:sqs:eu-central-1:123456789012:billing'].flatMap((queue) =>
      works(queue).map((right) => right.replace(' queue ', ' ')),
    ),
    'sqs:SendMessage PostriderSourceRefused9A45072B',
  ],
  sweep: [
    ...callsOn('config', 'BRAKES#*, DEPLOYMENT', 'GetItem', 'PutItem', 'UpdateItem'),
    ...callsOn('config', 'SETTINGS', 'DeleteItem', 'Query'),
    ...callsOn('config', 'META#*', 'GetItem'),
    ...changes('META#*', CHANGED_BY_SWEEP.meta),
    ...calls('log', 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'),
    ...calls('log/index/by_due_minute', 'Query'),
    ...sends('exhausted', 'jobs', 'retries', 'slow'),
  ],
};
