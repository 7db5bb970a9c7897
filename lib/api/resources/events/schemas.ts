import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';
import { endpointId } from '../../schemas/ids.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timeRange, timestamp } from '../../schemas/times.ts';

const MAX_TRACE_BYTES = 4096;

/** Passed on as it was parsed: copying it would lose a member named `__proto__`. */
const trace = z
  .unknown()
  .refine((value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value), {
    error: 'must be a JSON object',
    abort: true,
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_TRACE_BYTES, 'must be at most 4 KB as JSON');

export const eventPost = z
  .strictObject({
    type: eventType,
    data: z.unknown().meta({
      description:
        'Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.',
    }),
    project: z
      .strictObject({ id: text(128), name: text(255).optional() })
      .optional()
      .meta({ description: 'The project that it happened in: endpoints can subscribe to one.' }),
    trace: trace
      .optional()
      .meta({ type: 'object', description: 'Your trace context, opaque: any object of at most 4 KB.' }),
    external_id: text(255).optional().meta({ description: 'Your own id of the event.' }),
  })
  .meta({ examples: [{ type: 'task.completed', data: { task_id: 'TASK-001', status: 'done' } }] });

export const eventAccepted = z
  .object({
    id: z.string(),
    deliveries: z.int().meta({ description: 'How many endpoints it goes to.' }),
  })
  .meta({ examples: [{ id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB', deliveries: 1 }] });

export const eventListQuery = z.strictObject({ ...pageQuery, ...timeRange });

export const eventReplay = z
  .strictObject({
    endpoint_ids: z.array(endpointId).min(1).max(100).optional().meta({
      description: 'Only these, whatever they subscribe to. The default is those that the event matches now.',
    }),
  })
  .meta({ examples: [{}] });

const eventFields = {
  id: z.string(),
  tenant_id: z.string(),
  type: z.string(),
  data: z.unknown().meta({ description: 'As posted.' }),
  project: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  trace: z.unknown().meta({ description: 'As posted; null when there is none.' }),
  external_id: z.string().nullable(),
  created_at: timestamp,
};

const eventSummary = z.object(eventFields);
export const eventPage = pageOf(eventSummary);

const count = z.int().min(0);

export const eventDetail = z.object({
  ...eventFields,
  counts: z
    .object({
      pending: count,
      retrying: count,
      parked: count,
      held: count,
      delivered: count,
      exhausted: count,
      abandoned: count,
    })
    .meta({ description: 'Its deliveries by status.' }),
});

export type EventJson = z.infer<typeof eventSummary>;
export type EventDetailJson = z.infer<typeof eventDetail>;
