import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
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

const EXAMPLE = {
  type: 'task.completed',
  data: { task_id: 'TASK-001', status: 'done' },
  project: { id: 'proj_1', name: 'Website' },
  trace: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  external_id: 'order-4711',
};

const STORED = {
  id: EXAMPLE_IDS.event,
  tenant_id: EXAMPLE_IDS.tenant,
  ...EXAMPLE,
  created_at: '2026-02-06T12:00:00.000Z',
};

const project = z
  .strictObject({
    id: text(128).meta({ description: 'Endpoints can subscribe to the events of one project.' }),
    name: text(255).optional().meta({ description: 'A name for people.' }),
  })
  .meta({ id: 'ProjectPost', description: 'The project that an event happened in.', examples: [EXAMPLE.project] });

export const eventPost = z
  .strictObject({
    type: eventType,
    data: z.unknown().meta({
      description:
        'Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.',
    }),
    project: project.optional(),
    trace: trace
      .optional()
      .meta({ type: 'object', description: 'Your trace context, opaque: any object of at most 4 KB.' }),
    external_id: text(255).optional().meta({ description: 'Your own id of the event.' }),
  })
  .meta({ id: 'EventPost', description: 'An event to post.', examples: [EXAMPLE] });

export const eventAccepted = z
  .object({
    id: z.string().meta({ description: 'The id of the event.' }),
    deliveries: z.int().meta({ description: 'How many endpoints it goes to.' }),
  })
  .meta({
    id: 'EventAccepted',
    description: 'The event is kept and will be delivered.',
    examples: [{ id: EXAMPLE_IDS.event, deliveries: 1 }],
  });

export const eventListQuery = z.strictObject({ ...pageQuery, ...timeRange });

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
    data: z.unknown().meta({ description: 'As posted.' }),
    project: eventProject.nullable().meta({ description: 'As posted; null when there is none.' }),
    trace: z.unknown().meta({ description: 'As posted; null when there is none.' }),
    external_id: z.string().nullable().meta({ description: 'As posted; null when there is none.' }),
    created_at: timestamp.meta({ description: 'When it was accepted.' }),
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
