import * as z from 'zod';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { timestamp } from '../../schemas/times.ts';

const jobKind = z
  .enum([
    'abandon',
    'release',
    'discard',
    'rate-change',
    'probe',
    'fan-out',
    'retry',
    'replay',
    'repair',
    'erase-payload',
    'erase-tenant',
    'reseal',
    'settle',
    'status-alert',
    'exhausted-alert',
  ])
  .meta({
    id: 'JobKind',
    description:
      'Abandon, release, discard, rate-change, probe, repair: they follow a change of an endpoint. Fan-out: of an event. Retry, replay, erase-payload, erase-tenant, reseal: asked for. Settle: of a poll endpoint, as long as it is there. Status-alert, exhausted-alert: they tell what happened to an endpoint.',
  });

const jobStatus = z.enum(['running', 'done', 'cancelled']).meta({ id: 'JobStatus', description: 'How far a job is.' });

const removed = (what: string) => z.int().meta({ description: `How many ${what} were removed so far.` });

const erasure = z
  .object({
    api_keys: removed('API keys'),
    endpoints: removed('endpoints, with their secrets'),
    deliveries: removed('deliveries, with their attempts'),
    events: removed('events, with their payloads'),
    jobs: removed('other jobs'),
    event_types: removed('event types'),
    numbers: removed('numbers of endpoints and deliveries'),
    counters: removed('counters: of quotas, and the usage of a day'),
    claims_end_at: timestamp.meta({
      description: 'What was kept for `Idempotency-Key` is gone by then: a key, an id and a hash of the call.',
    }),
    backups_end_at: timestamp.nullable().meta({
      description: 'Until then the tables’ point-in-time recovery can bring it back; null: the job is not done.',
    }),
  })
  .meta({
    id: 'TenantErasure',
    description: 'What was removed of a tenant, and when the last traces of it end.',
    examples: [
      {
        api_keys: 2,
        endpoints: 12,
        deliveries: 5310,
        events: 1770,
        jobs: 3,
        event_types: 16,
        numbers: 0,
        counters: 1,
        claims_end_at: '2026-02-07T12:25:00.000Z',
        backups_end_at: '2026-03-13T12:26:11.000Z',
      },
    ],
  });

export const job = z
  .object({
    id: z.string().meta({ description: 'The id of the job.' }),
    kind: jobKind,
    endpoint_id: z.string().nullable().meta({ description: 'The endpoint that it is about; null: several.' }),
    event_id: z
      .string()
      .nullable()
      .meta({ description: 'Of the replay of one event, or the deletion of its payload.' }),
    status: jobStatus,
    processed: z.int().meta({
      description:
        'Deliveries moved or made so far. Of erase-tenant: all that was removed; of reseal: endpoints with secrets that were sealed again.',
    }),
    skipped: z.int().meta({
      description:
        'Deliveries that were left as they are: they still wait, were repeated since, or cannot be sent. Of reseal: endpoints that the last look found in order.',
    }),
    erasure: erasure.nullable().meta({ description: 'Of erase-tenant; null: of another kind.' }),
    created_at: timestamp.meta({ description: 'When it was started.' }),
    updated_at: timestamp.meta({ description: 'When it last made progress.' }),
  })
  .meta({
    id: 'Job',
    description: 'Bulk work in the background, page by page.',
    examples: [
      {
        id: EXAMPLE_IDS.job,
        kind: 'replay',
        endpoint_id: EXAMPLE_IDS.endpoint,
        event_id: null,
        status: 'running',
        processed: 200,
        skipped: 3,
        erasure: null,
        created_at: '2026-02-06T12:10:00.000Z',
        updated_at: '2026-02-06T12:10:04.000Z',
      },
    ],
  });

export type JobJson = z.infer<typeof job>;
export type TenantErasureJson = z.infer<typeof erasure>;
