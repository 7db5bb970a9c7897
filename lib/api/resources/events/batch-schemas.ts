import * as z from 'zod';
import { problem } from '../../http/problem-schema.ts';
import { idempotencyKey } from '../../schemas/idempotency-key.ts';
import { eventAccepted, eventPost } from './schemas.ts';

const MAX_EVENTS = 100;

export const batchEvent = z.strictObject({ ...eventPost.shape, idempotency_key: idempotencyKey.optional() });

const { $schema: _, ...batchEventJson } = z.toJSONSchema(batchEvent, { io: 'input' });

/** Each event is validated by itself, with {@link batchEvent}: here it is only described. */
export const eventBatch = z
  .strictObject({
    events: z.array(z.unknown().meta(batchEventJson)).min(1).max(MAX_EVENTS),
  })
  .meta({
    examples: [
      { events: [{ type: 'task.completed', data: { task_id: 'TASK-001' }, idempotency_key: 'task-001-completed' }] },
    ],
  });

export const eventBatchResults = z
  .object({
    data: z.array(z.union([eventAccepted, z.object({ error: problem })])).meta({
      description:
        'One result an event, in their order: its id, or what went wrong with it alone. An event with an idempotency key is safe to post again.',
    }),
  })
  .meta({ examples: [{ data: [{ id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB', deliveries: 1 }] }] });
