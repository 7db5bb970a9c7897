import * as z from 'zod';
import { problem } from '../../http/problem-schema.ts';
import { idempotencyKey } from '../../schemas/idempotency-key.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { eventAccepted, eventPost } from './schemas.ts';

const MAX_EVENTS = 100;

const EXAMPLE = {
  type: 'task.completed',
  data: { task_id: 'TASK-001' },
  project: { id: 'proj_1', name: 'Website' },
  trace: { trace_id: '4f1c2a90', span_id: '1d0c5e77' },
  external_id: 'order-4711',
  idempotency_key: 'task-001-completed',
};

export const batchEvent = z
  .strictObject({ ...eventPost.shape, idempotency_key: idempotencyKey.optional() })
  .meta({ id: 'BatchEvent', description: 'One event of a batch.', examples: [EXAMPLE] });

/** Each event is validated by itself, with {@link batchEvent}: here it is only described. */
export const eventBatch = z
  .strictObject({
    events: z
      .array(z.unknown().meta({ describedBy: batchEvent }))
      .min(1)
      .max(MAX_EVENTS)
      .meta({ description: 'The events. Each is accepted or refused by itself.' }),
  })
  .meta({ id: 'EventBatch', description: 'Events to post together.', examples: [{ events: [EXAMPLE] }] });

const REFUSED = {
  error: {
    type: '/problems/invalid-request',
    title: 'Unprocessable Entity',
    status: 422,
    detail: '`type` is missing: add it.',
    errors: [{ field: 'type', message: '`type` is missing: add it.' }],
    instance: '/requests/4f1c2a90d7e35b68',
  },
};

const eventRefused = z
  .object({ error: problem })
  .meta({ id: 'EventRefused', description: 'The event was not accepted.', examples: [REFUSED] });

const eventResult = z.union([eventAccepted, eventRefused]).meta({
  id: 'EventResult',
  description: 'What became of one event: its id, or what went wrong with it alone.',
});

export const eventBatchResults = z
  .object({
    data: z.array(eventResult).meta({
      description: 'One result an event, in their order. An event with an idempotency key is safe to post again.',
    }),
  })
  .meta({
    id: 'EventResults',
    description: 'The results of a batch.',
    examples: [{ data: [{ id: EXAMPLE_IDS.event, deliveries: 1 }, REFUSED] }],
  });
