import * as z from 'zod';
import { eventPattern } from '../../schemas/event-type.ts';
import { text } from '../../schemas/text.ts';
import { writtenNumber } from '../../schemas/written-number.ts';
import { endpointId, EXAMPLE_IDS } from '../../schemas/ids.ts';

/** Numbers of older systems are 32 bits wide; those that are given after a kept one are larger. */
const MAX_KEPT = 2_147_483_647;

const number = z.int().min(1);
const writtenId = writtenNumber(1);
const seconds = z.iso.datetime({ precision: 0 }).meta({ examples: ['2026-02-06T12:00:00Z'] });

export const webhookParam = z.strictObject({
  id: writtenId.meta({ description: 'The number of a webhook.', examples: [42] }),
});
export const keptParam = z.strictObject({
  id: writtenNumber(1, MAX_KEPT).meta({ description: 'The number that the webhook had elsewhere.', examples: [42] }),
});
export const deliveryParam = z.strictObject({
  id: writtenId.meta({ description: 'The number of a delivery.', examples: [1001] }),
});

const WEBHOOK = {
  id: 42,
  label: 'Score Change Alerts',
  callback_url: 'https://api.example.com/webhooks/veriswarm',
  event_types: ['agent.scored', 'agent.tier.changed'],
  is_active: true,
  created_at: '2026-02-06T11:58:00Z',
};
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';

const fields = {
  label: text(255).meta({ description: 'A name for people.' }),
  callback_url: text(2048).meta({ description: 'Where deliveries are sent: an absolute https URL.' }),
  event_types: z.array(eventPattern).min(1).max(100).meta({ description: 'What it subscribes to.' }),
};

export const webhookCreate = z
  .strictObject({ label: fields.label.optional(), callback_url: fields.callback_url, event_types: fields.event_types })
  .meta({
    id: 'VeriswarmWebhookCreate',
    description: 'A new webhook.',
    examples: [{ label: WEBHOOK.label, callback_url: WEBHOOK.callback_url, event_types: WEBHOOK.event_types }],
  });

const webhookFields = {
  id: number.meta({ description: 'Its number, given when it was first shown.' }),
  label: z.string().nullable().meta({ description: 'A name for people; null: none.' }),
  callback_url: z.string().meta({ description: 'Where deliveries are sent.' }),
  event_types: z.array(z.string()).meta({ description: 'What it subscribes to.' }),
  is_active: z.boolean().meta({ description: 'false: paused, disabled or revoked.' }),
  created_at: seconds.meta({ description: 'When it was made.' }),
};
const signingSecret = z.string().meta({ description: 'What requests are signed with. Shown in this answer only.' });

export const webhookCreated = z.object({ ...webhookFields, signing_secret: signingSecret }).meta({
  id: 'VeriswarmWebhookCreated',
  description: 'A new webhook with its secret.',
  examples: [{ ...WEBHOOK, signing_secret: SECRET }],
});

export const webhook = z
  .object({
    ...webhookFields,
    last_attempted_at: seconds.nullable().meta({ description: 'When it was last sent something.' }),
    last_success_at: seconds.nullable().meta({ description: 'When it last answered 2xx.' }),
    last_status_code: z.int().nullable().meta({ description: 'What it last answered.' }),
  })
  .meta({
    id: 'VeriswarmWebhook',
    description: 'A webhook.',
    examples: [
      {
        ...WEBHOOK,
        last_attempted_at: '2026-02-06T12:00:01Z',
        last_success_at: '2026-02-06T12:00:01Z',
        last_status_code: 200,
      },
    ],
  });

export const webhookList = listOf(webhook);

export const deliveriesQuery = z.strictObject({
  limit: writtenNumber(1, 200)
    .default(50)
    .meta({
      description: 'How many deliveries at most.',
      examples: [50],
    }),
  webhook_id: writtenId.optional().meta({ description: 'Only deliveries to this webhook.', examples: [42] }),
});

const status = z.enum(['pending', 'delivered', 'failed', 'retrying', 'exhausted']).meta({
  id: 'VeriswarmDeliveryStatus',
  description: 'Failed: its next attempt is still to come, or it was given up. Retrying: its next attempt is due.',
});

export const delivery = z
  .object({
    id: number.meta({ description: 'Its number, given when it was first shown.' }),
    webhook_id: number.meta({ description: 'The webhook that it goes to.' }),
    event_type: z.string().meta({ description: 'The type of its event.' }),
    status,
    status_code: z.int().nullable().meta({ description: 'What the last attempt was answered.' }),
    duration_ms: z.int().nullable().meta({ description: 'How long the last attempt took.' }),
    error_message: z.string().nullable().meta({ description: 'Why the last attempt failed, or it was given up.' }),
    attempt_number: z.int().meta({ description: 'Of the latest attempt; 0 before the first.' }),
    max_attempts: z.int().meta({ description: 'How many retries follow the first attempt at most.' }),
    retried_from_delivery_id: number.nullable().meta({ description: 'Of a manual retry: the delivery it repeats.' }),
    next_retry_at: seconds.nullable().meta({ description: 'When the next attempt is due.' }),
    alert_sent_at: seconds.nullable().meta({ description: 'When an alert told that it is exhausted.' }),
    alert_error: z.string().nullable().meta({ description: 'Why that alert did not reach everyone.' }),
    created_at: seconds.meta({ description: 'When its event was accepted, or its retry was asked for.' }),
  })
  .meta({
    id: 'VeriswarmDelivery',
    description: 'One event on its way to one webhook.',
    examples: [
      {
        id: 1001,
        webhook_id: 42,
        event_type: 'agent.scored',
        status: 'failed',
        status_code: 503,
        duration_ms: 250,
        error_message: 'answered 503',
        attempt_number: 1,
        max_attempts: 3,
        retried_from_delivery_id: null,
        next_retry_at: '2026-02-06T12:01:00Z',
        alert_sent_at: null,
        alert_error: null,
        created_at: '2026-02-06T12:00:00Z',
      },
    ],
  });

export const deliveryList = listOf(delivery);

const count = z.int().min(0);
const counts = z
  .object({
    pending: count.meta({ description: 'Before their first attempt, or held while their webhook is paused.' }),
    retrying: count.meta({ description: 'Waiting for another attempt.' }),
    exhausted: count.meta({ description: 'All attempts used.' }),
  })
  .meta({
    id: 'VeriswarmRetryCounts',
    description: 'Deliveries by status.',
    examples: [{ pending: 0, retrying: 12, exhausted: 1 }],
  });

export const summary = z
  .object({
    counts,
    oldest_due_at: seconds.nullable().meta({ description: 'The oldest due time of those that wait.' }),
    next_due_at: seconds.nullable().meta({ description: 'The next due time that is still to come.' }),
  })
  .meta({
    id: 'VeriswarmRetriesSummary',
    description: 'What waits for a next attempt.',
    examples: [
      {
        counts: { pending: 0, retrying: 12, exhausted: 1 },
        oldest_due_at: '2026-02-06T11:59:30Z',
        next_due_at: '2026-02-06T12:00:10Z',
      },
    ],
  });

export const keptNumber = z.strictObject({ endpoint_id: endpointId }).meta({
  id: 'VeriswarmNumberKeep',
  description: 'The endpoint that the number means from now on.',
  examples: [{ endpoint_id: EXAMPLE_IDS.endpoint }],
});

export const rotated = z
  .object({
    status: z.literal('rotated').meta({ description: 'Always `rotated`.' }),
    webhook_id: number.meta({ description: 'The webhook.' }),
    signing_secret: signingSecret,
  })
  .meta({
    id: 'VeriswarmSecretRotated',
    description: 'The new secret.',
    examples: [{ status: 'rotated', webhook_id: 42, signing_secret: SECRET }],
  });

export type WebhookJson = z.infer<typeof webhook>;
export type VeriswarmDeliveryJson = z.infer<typeof delivery>;
export type SummaryJson = z.infer<typeof summary>;

/** An answer that is an array of rows, which have an example. */
function listOf<T extends z.ZodType>(row: T) {
  return z.array(row).meta({ examples: [row.meta()?.['examples'] ?? []] });
}
