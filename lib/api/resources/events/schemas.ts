import * as z from 'zod';
import { eventPattern, ownEventType } from '../../schemas/event-type.ts';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { instant, timeRange, timestamp } from '../../schemas/times.ts';

const MAX_TRACE_BYTES = 32_768;
const MAX_TRACE_ID = 128;

/** Passed on as it was parsed: copying it would lose a member named `__proto__`. */
const trace = z
  .unknown()
  .refine(isPlainObject, { error: 'must be a JSON object', abort: true })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_TRACE_BYTES, 'must be at most 32 KB as JSON')
  .superRefine((value, context) => {
    const { trace_id, span_id, parent } = value as Record<string, unknown>;
    for (const [name, id] of Object.entries({ trace_id, span_id })) {
      if (id !== undefined && !isTraceId(id)) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `must be a text of 1 to ${MAX_TRACE_ID} characters`,
        });
      }
    }
    if (parent !== undefined && parent !== null && !isPlainObject(parent)) {
      context.addIssue({ code: 'custom', path: ['parent'], message: 'must be a JSON object or null' });
    }
  });

function isTraceId(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_TRACE_ID;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

const EXAMPLE = {
  type: 'task.completed',
  data: { task_id: 'TASK-001', status: 'done' },
  project: { id: 'proj_1', name: 'Website' },
  trace: {
    trace_id: '6f3c1ef0-2f0c-4f3e-9d59-0a4f6ad0c3b1',
    span_id: 'b1c9a1de-93f4-4f7c-8f0e-2d4b8f1f6a52',
    parent: null,
  },
  external_id: 'order-4711',
  occurred_at: '2026-02-06T11:59:58.120Z',
};

const STORED = {
  id: EXAMPLE_IDS.event,
  tenant_id: EXAMPLE_IDS.tenant,
  ...EXAMPLE,
  test: false,
  created_at: '2026-02-06T12:00:00.000Z',
  filtered: 0,
  payload_deleted_at: null,
};

const project = z
  .strictObject({
    id: text(128).meta({ description: 'Endpoints can subscribe to the events of one project.' }),
    name: text(255).optional().meta({ description: 'A name for people.' }),
  })
  .meta({ id: 'ProjectPost', description: 'The project that an event happened in.', examples: [EXAMPLE.project] });

export const eventPost = z
  .strictObject({
    type: ownEventType,
    data: z.unknown().meta({
      description:
        'Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.',
    }),
    project: project.optional(),
    trace: trace.optional().meta({
      type: 'object',
      description:
        'Your trace: `trace_id` and `span_id` (texts) and `parent` (an object, which may have a parent again), and whatever else belongs to it. Customers are handed its `traceparent` (W3C) as a header. At most 32 KB.',
    }),
    external_id: text(255).optional().meta({ description: 'Your own id of the event.' }),
    occurred_at: instant.optional().meta({
      description:
        'When it happened. The default is when it was accepted. Receivers see it, the same on every attempt.',
      examples: ['2026-02-06T11:59:58.120Z'],
    }),
  })
  .meta({ id: 'EventPost', description: 'An event to post.', examples: [EXAMPLE] });

export const eventAccepted = z
  .object({
    id: z.string().meta({ description: 'The id of the event.' }),
    deliveries: z.int().meta({ description: 'How many endpoints it goes to.' }),
    filtered: z
      .int()
      .optional()
      .meta({ description: 'How many more it would go to, but for their filters. Absent: none.', examples: [2] }),
    warnings: z
      .array(z.string())
      .optional()
      .meta({
        description: 'What does not match the schema of its type, where the tenant’s `data_check` is `warn`.',
        examples: [['`data` does not match its schema: `#/id`: Instance type "number" is invalid.']],
      }),
  })
  .meta({
    id: 'EventAccepted',
    description: 'The event is kept and will be delivered.',
    examples: [{ id: EXAMPLE_IDS.event, deliveries: 1 }],
  });

export const eventListQuery = z.strictObject({
  ...pageQuery,
  ...timeRange,
  type: eventPattern
    .optional()
    .meta({ description: 'Only events of this type; `task.*` for all that begin so.', examples: ['task.*'] }),
  external_id: text(255)
    .optional()
    .meta({ description: 'Only events with this id of yours.', examples: ['order-4711'] }),
  endpoint_id: endpointId.optional().meta({ description: 'Only events that went to this endpoint.' }),
});

export const eventReplay = z
  .strictObject({
    endpoint_ids: z.array(endpointId).min(1).max(100).optional().meta({
      description: 'Only these, whatever they subscribe to. The default is those that the event matches now.',
    }),
  })
  .meta({
    id: 'EventReplay',
    description: 'Where the event is sent again.',
    examples: [{ endpoint_ids: [EXAMPLE_IDS.endpoint] }],
  });

const eventProject = z
  .object({
    id: z.string().meta({ description: 'The id of the project.' }),
    name: z.string().nullable().meta({ description: 'A name for people.' }),
  })
  .meta({ id: 'Project', description: 'The project that an event happened in.', examples: [EXAMPLE.project] });

const eventSummary = z
  .object({
    id: z.string().meta({ description: 'The id of the event.' }),
    tenant_id: z.string().meta({ description: 'Whose event it is.' }),
    type: z.string().meta({ description: 'As posted.' }),
    data: z.unknown().meta({ description: 'As posted; null once the payload is deleted.' }),
    project: eventProject.nullable().meta({ description: 'As posted; null when there is none.' }),
    trace: z.unknown().meta({ description: 'As posted; null when there is none, or the payload is deleted.' }),
    external_id: z.string().nullable().meta({ description: 'As posted; null when there is none.' }),
    test: z.boolean().meta({ description: 'Was it sent to one endpoint only, to try that out?' }),
    occurred_at: timestamp.meta({ description: 'When it happened: as posted, or else when it was accepted.' }),
    created_at: timestamp.meta({ description: 'When it was accepted.' }),
    filtered: z.int().meta({ description: 'How many endpoints did not get it because of their filters alone.' }),
    payload_deleted_at: timestamp.nullable().meta({ description: 'When its payload was deleted; null: it was not.' }),
  })
  .meta({ id: 'Event', description: 'An event that was accepted.', examples: [STORED] });
export const eventPage = pageOf('EventList', eventSummary);

const count = z.int().min(0);
const COUNTS = { pending: 0, retrying: 1, parked: 0, held: 0, delivered: 3, exhausted: 0, abandoned: 0 };

const deliveryCounts = z
  .object({
    pending: count.meta({ description: 'No attempt made yet.' }),
    retrying: count.meta({ description: 'Failed at least once, with another attempt due.' }),
    parked: count.meta({ description: 'Waiting in the table without a message.' }),
    held: count.meta({ description: 'Waiting for the resume of their endpoint.' }),
    delivered: count.meta({ description: 'Answered 2xx.' }),
    exhausted: count.meta({ description: 'All attempts used.' }),
    abandoned: count.meta({ description: 'Given up.' }),
  })
  .meta({ id: 'DeliveryCounts', description: 'Deliveries by status.', examples: [COUNTS] });

export const eventDetail = eventSummary.extend({ counts: deliveryCounts }).meta({
  id: 'EventDetail',
  description: 'An event, with its deliveries counted by status.',
  examples: [{ ...STORED, counts: COUNTS }],
});

export type EventJson = z.infer<typeof eventSummary>;
export type EventDetailJson = z.infer<typeof eventDetail>;
