import * as z from 'zod';
import { eventPattern } from '../../schemas/event-type.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { pageOf } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const EXAMPLE = {
  id: EXAMPLE_IDS.endpoint,
  url: 'https://yourapp.com/webhooks/ventryx',
  events: ['workflow.completed', 'approval.requested'],
  created_at: '2026-02-06T11:58:00.000Z',
};

const url = text(2048).meta({ description: 'Where deliveries are sent: an absolute https URL.' });
const events = z.array(eventPattern).min(1).max(100).meta({ description: 'What it subscribes to; `*` is all.' });

export const ventryxCreate = z.strictObject({ url, events }).meta({
  id: 'VentryxWebhookCreate',
  description: 'A new webhook.',
  examples: [{ url: EXAMPLE.url, events: EXAMPLE.events }],
});

export const ventryxUpdate = z.strictObject({ url: url.optional(), events: events.optional() }).meta({
  id: 'VentryxWebhookUpdate',
  description: 'The fields to change.',
  examples: [{ url: EXAMPLE.url, events: ['*'] }],
});

const fields = {
  id: z.string().meta({ description: 'The id of the webhook.' }),
  url: z.string().meta({ description: 'Where deliveries are sent.' }),
  events: z.array(z.string()).meta({ description: 'What it subscribes to.' }),
};
const createdAt = timestamp.meta({ description: 'When it was made.' });

export const ventryxWebhook = z
  .object({ ...fields, created_at: createdAt })
  .meta({ id: 'VentryxWebhook', description: 'A webhook.', examples: [EXAMPLE] });

export const ventryxCreated = z
  .object({
    ...fields,
    secret: z.string().meta({ description: 'What requests are signed with. Shown in this answer only.' }),
    created_at: createdAt,
  })
  .meta({
    id: 'VentryxWebhookCreated',
    description: 'A new webhook with its secret.',
    examples: [{ ...EXAMPLE, secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3' }],
  });

export const ventryxPage = pageOf('VentryxWebhookList', ventryxWebhook);

export type VentryxWebhookJson = z.infer<typeof ventryxWebhook>;
