import * as z from 'zod';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
import { pageOf } from '../../schemas/pages.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
/** Less than the 30 s after which proxies and the gateway give up. */
const MAX_WAIT_SECONDS = 20;
const EXAMPLE_CURSOR = 'WyJlcF8wMUtHUzRSNk0yWjlRM1Y4WDdUNU4xQzBIQiIseyJmaW5hbFVudGlsIjowfV0';

const cursor = z
  .string()
  .min(1)
  .max(6000)
  .meta({ description: 'How far a consumer has come.', examples: [EXAMPLE_CURSOR] });

const consumerName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes and underscores')
  .meta({ description: 'The name of a consumer.', examples: ['billing'] });

const pollEndpointId = endpointId.meta({
  description: 'The id of an endpoint of `kind: poll`.',
  examples: [EXAMPLE_IDS.endpoint],
});

export const pollParams = z.strictObject({ id: pollEndpointId });
export const consumerParams = z.strictObject({ id: pollEndpointId, name: consumerName });

export const pollQuery = z.strictObject({
  cursor: cursor.optional().meta({
    description: 'The `cursor` of the poll before. Without one: where `consumer` has come to, or the oldest.',
  }),
  consumer: consumerName.optional().meta({ description: 'Begin where this consumer has committed to.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: 'How many deliveries at most; fewer where their bodies exceed 1 MiB.', examples: [50] }),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(0)
    .meta({
      description: 'Seconds to wait for a delivery, in one process. On AWS the answer comes at once.',
      examples: [20],
    }),
});

const polledDelivery = z
  .object({
    delivery_id: z.string().meta({ description: 'The id of the delivery.' }),
    event_id: z.string().meta({ description: 'The id of the event: the same in each delivery of it.' }),
    event_type: z.string().meta({ description: 'What happened.' }),
    test: z.boolean().meta({ description: 'A person sent it to try the endpoint out.' }),
    written_at: timestamp.meta({ description: 'When it was written for the consumers.' }),
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'The headers that a request would have now, signed, by lower-case name.' }),
    body: z.string().meta({ description: 'The body that a request would have: verify these bytes in UTF-8.' }),
  })
  .meta({
    id: 'PolledDelivery',
    description: 'A delivery as a consumer gets it.',
    examples: [
      {
        delivery_id: EXAMPLE_IDS.delivery,
        event_id: EXAMPLE_IDS.event,
        event_type: 'task.completed',
        test: false,
        written_at: '2026-02-06T12:00:00.010Z',
        headers: {
          'content-type': 'application/json',
          'webhook-id': EXAMPLE_IDS.event,
          'webhook-timestamp': '1770379200',
          'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
        },
        body: '{"type":"task.completed","timestamp":"2026-02-06T12:00:00.000Z","data":{"n":1}}',
      },
    ],
  });

const pollState = z.enum(['active', 'paused', 'braked']).meta({
  id: 'PollState',
  description: 'Paused or braked: nothing is given until the endpoint is resumed or the brake released.',
});

export const poll = z
  .object({
    data: z.array(polledDelivery).meta({ description: 'About in the order of writing.' }),
    cursor: cursor.meta({ description: 'For the next poll, and for the commit of these deliveries.' }),
    more: z.boolean().meta({ description: 'There are others now: poll again at once.' }),
    state: pollState.meta({ description: 'Is anything given now?' }),
  })
  .meta({
    id: 'Poll',
    description: 'What a consumer has not been given yet.',
    examples: [
      { data: polledDelivery.meta()?.['examples'] ?? [], cursor: EXAMPLE_CURSOR, more: false, state: 'active' },
    ],
  });

const consumerStart = z.enum(['now', 'oldest']).meta({
  id: 'ConsumerStart',
  description: 'What comes from now on, or all that polls still give.',
});

export const consumerCommit = z
  .strictObject({
    cursor: cursor.optional().meta({ description: 'That of the last poll whose deliveries are done.' }),
    from: consumerStart.optional().meta({ description: 'Instead of a cursor.' }),
  })
  .refine(({ cursor: given, from }) => (given === undefined) !== (from === undefined), {
    error: 'must have either `cursor` or `from`',
  })
  .meta({
    id: 'ConsumerCommit',
    description: 'How far a consumer has come. It has either `cursor` or `from`.',
    examples: [{ cursor: EXAMPLE_CURSOR }],
  });

export const consumer = z
  .object({
    name: z.string().meta({ description: 'Its name.' }),
    cursor: cursor.meta({ description: 'What it has committed.' }),
    committed_at: timestamp.meta({ description: 'When it last did.' }),
    counts: z.boolean().meta({ description: 'Deliveries wait for its commit: it has committed in the last 7 days.' }),
  })
  .meta({
    id: 'Consumer',
    description: 'One that polls an endpoint, with a cursor of its own.',
    examples: [{ name: 'billing', cursor: EXAMPLE_CURSOR, committed_at: '2026-02-06T12:00:00.000Z', counts: true }],
  });

export const consumerList = pageOf('ConsumerList', consumer);
export type PollJson = z.infer<typeof poll>;
export type ConsumerJson = z.infer<typeof consumer>;
