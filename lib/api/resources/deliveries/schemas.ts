import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';
import { endpointId } from '../../schemas/ids.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { timeRange, timestamp } from '../../schemas/times.ts';

const status = z
  .enum(['pending', 'retrying', 'parked', 'held', 'delivered', 'exhausted', 'abandoned'])
  .meta({ description: 'Pending: no attempt yet. Held: its endpoint is paused. Exhausted: all attempts used.' });

export const deliveryListQuery = z.strictObject({
  endpoint_id: endpointId.optional(),
  event_type: eventType.optional(),
  status: status.optional(),
  ...timeRange,
  ...pageQuery,
});

const attemptFields = {
  status_code: z.int().nullable().meta({ description: 'null when there was no answer.' }),
  duration_ms: z.number().nullable(),
  error_kind: z
    .enum([
      'timeout',
      'dns',
      'refused',
      'reset',
      'tls',
      'blocked_address',
      'invalid_response',
      'redirect',
      'status',
      'network',
    ])
    .nullable(),
  error_message: z.string().nullable(),
};

export const delivery = z.object({
  id: z.string(),
  endpoint_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  status,
  status_reason: z
    .enum([
      'disabled',
      'revoked',
      'expired',
      'discarded',
      'fault',
      'rate_limited',
      'braked',
      'delayed',
      'unconfirmed',
      'paused',
      'breaker',
    ])
    .nullable()
    .meta({
      description: 'Fault: given up for an error of ours, not of the endpoint; a retry by hand sends it again.',
    }),
  ...attemptFields,
  attempt_number: z.int().meta({ description: 'Of the latest attempt; 0 before the first.' }),
  max_attempts: z.int(),
  retried_from_delivery_id: z
    .string()
    .nullable()
    .meta({ description: 'Of a retry by hand or a replay: the delivery that it repeats.' }),
  next_retry_at: timestamp.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
});

export const deliveryPage = pageOf(delivery);

const attempt = z.object({
  number: z.int(),
  at: timestamp,
  ...attemptFields,
  response_body: z
    .union([z.string(), z.object({ base64: z.string() })])
    .nullable()
    .meta({ description: 'The first bytes of a failed attempt’s answer: text, or base64 when it is not UTF-8.' }),
});

export const deliveryDetail = delivery.extend({ attempts: z.array(attempt) });

export type DeliveryJson = z.infer<typeof delivery>;
export type AttemptJson = z.infer<typeof attempt>;
export type DeliveryDetailJson = z.infer<typeof deliveryDetail>;
