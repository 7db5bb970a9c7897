import * as z from 'zod';
import { dialectNames } from '../../../dialects/index.ts';
import { text } from '../../schemas/text.ts';
import { eventType } from '../../schemas/event-type.ts';
import { eventPost } from '../events/schemas.ts';

const EXAMPLE_SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';
const EXAMPLE_URL = 'https://example.com/hooks';

/** What is no name of a dialect can't be there, and is answered like an unknown id. */
export const dialectNameParam = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .refine((name) => dialectNames().includes(name))
    .meta({ description: 'The name of a dialect.', examples: ['vem'] }),
});

const EXAMPLE_EVENT_TYPE = { type: 'task.completed', category: 'Task Events', description: 'A task was completed' };

const dialectEventType = z
  .object({
    type: z.string().meta({ description: 'The type, as it is posted and sent.' }),
    category: z.string().meta({ description: 'Where the platform’s documentation lists it.' }),
    description: z.string().meta({ description: 'What it means.' }),
    shown_as: z
      .string()
      .optional()
      .meta({
        description: 'The name that the platform’s screens show. It can be posted and subscribed to, too.',
        examples: ['workflow_execution.usage_calculation.fulfilled'],
      }),
  })
  .meta({ id: 'DialectEventType', description: 'An event type of a platform.', examples: [EXAMPLE_EVENT_TYPE] });

const dialectSignature = z.enum(['always', 'own_secret', 'never']).meta({
  id: 'DialectSignature',
  description:
    'Do requests have a signature of this dialect? `own_secret`: only if the endpoint was given a `signing_secret`, at its creation or by a rotation. `also_standard` adds one to any.',
  examples: ['always'],
});

const EXAMPLE_DIALECT = {
  name: 'vem',
  retry_delays: [10, 60, 300],
  circuit_breaker: false,
  auto_resume: true,
  signature: 'always' as const,
  signature_overlap: false,
  event_types: [EXAMPLE_EVENT_TYPE],
};

const dialect = z
  .object({
    name: z.string().meta({ description: 'The `dialect` of endpoints.' }),
    retry_delays: z.array(z.int()).meta({ description: 'The delays between attempts in seconds, by default.' }),
    circuit_breaker: z.boolean().meta({ description: 'Do failures in a row pause an endpoint, by default?' }),
    auto_resume: z.boolean().meta({ description: 'Does a probe resume it then, by default?' }),
    signature: dialectSignature,
    signature_overlap: z.boolean().meta({
      description:
        'Has a request room for several signatures, so that the old and the new secret both sign after a rotation (`overlap_seconds`)? Otherwise one takes over from the other (`activate_in_seconds`).',
    }),
    event_types: z.array(dialectEventType).meta({ description: 'Those that the platform documents, by category.' }),
  })
  .meta({ id: 'Dialect', description: 'What the customers of one platform receive.', examples: [EXAMPLE_DIALECT] });

export const dialectList = z
  .object({ data: z.array(dialect).meta({ description: 'All of them.' }) })
  .meta({ id: 'DialectList', description: 'The dialects of a deployment.', examples: [{ data: [EXAMPLE_DIALECT] }] });

const { type: _, data, ...eventFields } = eventPost.shape;

export const previewRequest = z
  .strictObject({
    type: eventType.optional(),
    data: data.optional(),
    ...eventFields,
    url: text(2048)
      .optional()
      .meta({
        description: 'The endpoint’s. A Slack or Discord webhook gets their messages.',
        examples: [EXAMPLE_URL],
      }),
    signing_secret: z
      .string()
      .max(256)
      .optional()
      .meta({ description: 'The endpoint’s. Without it one is made, as for an endpoint.', examples: [EXAMPLE_SECRET] }),
    also_standard: z
      .boolean()
      .optional()
      .meta({ description: 'With the headers of Standard Webhooks beside the dialect’s own.' }),
    asymmetric_signing: z
      .boolean()
      .optional()
      .meta({ description: 'With a signature that a public key verifies, where those headers are there.' }),
  })
  .meta({
    id: 'PreviewRequest',
    description: 'The event, and what the endpoint would have. Each field has a sample value by default.',
    examples: [
      {
        type: 'task.completed',
        data: { task_id: 'TASK-001' },
        project: { id: 'proj_1', name: 'Website' },
        trace: { trace_id: '6f3c1ef0-2f0c-4f3e-9d59-0a4f6ad0c3b1' },
        external_id: 'order-4711',
        url: EXAMPLE_URL,
        also_standard: false,
        asymmetric_signing: false,
      },
    ],
  });

export const requestPreview = z
  .object({
    dialect: z.string().meta({ description: 'The dialect that it is in: the URL of a chat decides before the path.' }),
    method: z.literal('POST').meta({ description: 'Always POST.' }),
    url: z.string().meta({ description: 'Where it would be sent.' }),
    headers: z.record(z.string(), z.string()).meta({
      description: 'By lower-case name. The HTTP client adds `host`, `content-length` and `user-agent`.',
    }),
    body: z.string().meta({ description: 'Exactly what would be sent, as text: signatures cover these bytes.' }),
    signing_secret: z.string().meta({ description: 'What it is signed with, if the dialect signs.' }),
    standard_signing_secret: z
      .string()
      .optional()
      .meta({
        description: 'What the headers of `also_standard` are signed with, where it is another one.',
        examples: [EXAMPLE_SECRET],
      }),
  })
  .meta({
    id: 'RequestPreview',
    description: 'A request, as it would be sent.',
    examples: [
      {
        dialect: 'ventryx',
        method: 'POST',
        url: EXAMPLE_URL,
        headers: {
          'content-type': 'application/json',
          'ventryx-event': 'workflow.completed',
          'ventryx-delivery': 'del_01KGS4T2J8W5Y7R0D3F6A9B1CE01KGS4R6M2Z9Q3V8X7T5N1C0HB0',
          'ventryx-signature': 'sha256=4bd6ea5c1aac8c9d4f15abb0a6ae7f5f5e0f9d2d6f3b3bfa43a1cd5bb0cd0c0e',
        },
        body: '{"id":"evt_01KGS4T2J8W5Y7R0D3F6A9B1CE","type":"workflow.completed","created_at":"2026-02-06T12:00:00.000Z","data":{}}',
        signing_secret: EXAMPLE_SECRET,
      },
    ],
  });
export type DialectJson = z.infer<typeof dialect>;
