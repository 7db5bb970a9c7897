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
  ])
  .meta({
    id: 'JobKind',
    description:
      'Abandon, release, discard, rate-change, probe, repair: they follow a change of an endpoint. Fan-out: of an event. Retry, replay, erase-payload: asked for.',
  });

const jobStatus = z.enum(['running', 'done', 'cancelled']).meta({ id: 'JobStatus', description: 'How far a job is.' });

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
    processed: z.int().meta({ description: 'Deliveries moved or made so far.' }),
    skipped: z.int().meta({
      description: 'Deliveries that were left as they are: they still wait, were repeated since, or cannot be sent.',
    }),
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
        created_at: '2026-02-06T12:10:00.000Z',
        updated_at: '2026-02-06T12:10:04.000Z',
      },
    ],
  });

export type JobJson = z.infer<typeof job>;
