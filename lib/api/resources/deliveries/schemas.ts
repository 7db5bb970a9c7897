import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { timeRange, timestamp } from '../../schemas/times.ts';
import { attempt, attemptFields } from './attempt-schema.ts';

const status = z.enum(['pending', 'retrying', 'parked', 'held', 'delivered', 'exhausted', 'abandoned']).meta({
  id: 'DeliveryStatus',
  description: 'Pending: no attempt yet. Held: its endpoint is paused. Exhausted: all attempts used.',
});

const statusReason = z
  .enum([
    'disabled',
    'revoked',
    'expired',
    'discarded',
    'payload_deleted',
    'fault',
    'rate_limited',
    'uncommitted',
    'braked',
    'delayed',
    'unconfirmed',
    'paused',
    'breaker',
  ])
  .meta({
    id: 'DeliveryStatusReason',
    description: 'Why a delivery waits or was given up. Fault: for an error of ours; a manual retry sends it again.',
  });

export const deliveryListQuery = z.strictObject({
  endpoint_id: endpointId.optional().meta({ description: 'Only deliveries to this endpoint.' }),
  event_type: eventType.optional().meta({ description: 'Only deliveries of events of this type.' }),
  status: status.optional().meta({ description: 'Only deliveries with this status.' }),
  ...timeRange,
  ...pageQuery,
});

const EXAMPLE = {
  id: EXAMPLE_IDS.delivery,
  endpoint_id: EXAMPLE_IDS.endpoint,
  event_id: EXAMPLE_IDS.event,
  event_type: 'task.completed',
  status: 'retrying',
  status_reason: null,
  status_code: 503,
  duration_ms: 250,
  error_kind: 'status',
  error_message: 'answered 503',
  attempt_number: 1,
  max_attempts: 10,
  retried_from_delivery_id: null,
  test: false,
  next_retry_at: '2026-02-06T12:00:06.250Z',
  alert_sent_at: null,
  alert_error: null,
  created_at: '2026-02-06T12:00:00.000Z',
  updated_at: '2026-02-06T12:00:01.250Z',
};

export const delivery = z
  .object({
    id: z.string().meta({ description: 'The id of the delivery.' }),
    endpoint_id: z.string().meta({ description: 'The endpoint that it goes to.' }),
    event_id: z.string().meta({ description: 'The event that it carries.' }),
    event_type: z.string().meta({ description: 'The type of its event.' }),
    status,
    status_reason: statusReason.nullable().meta({ description: 'null when the status says it all.' }),
    ...attemptFields,
    attempt_number: z.int().meta({ description: 'Of the latest attempt; 0 before the first.' }),
    max_attempts: z.int().meta({ description: 'How many attempts its schedule has.' }),
    retried_from_delivery_id: z
      .string()
      .nullable()
      .meta({ description: 'Of a manual retry or a replay: the delivery that it repeats.' }),
    test: z.boolean().meta({ description: 'Is its event a test (`POST /v1/endpoints/{id}/test`)?' }),
    next_retry_at: timestamp.nullable().meta({ description: 'When the next attempt is due; null: none is.' }),
    alert_sent_at: timestamp.nullable().meta({
      description: 'Of an exhausted one: when an alert told of it; null: none did, or nobody asks for alerts.',
    }),
    alert_error: z
      .string()
      .nullable()
      .meta({ description: 'Why that alert did not reach everyone who should have been told; null: it did.' }),
    created_at: timestamp.meta({ description: 'When its event was accepted, or its retry was asked for.' }),
    updated_at: timestamp.meta({ description: 'When it last changed.' }),
  })
  .meta({ id: 'Delivery', description: 'One event on its way to one endpoint.', examples: [EXAMPLE] });

export const deliveryPage = pageOf('DeliveryList', delivery);

export const deliveryDetail = delivery
  .extend({ attempts: z.array(attempt).meta({ description: 'The attempts made, oldest first.' }) })
  .meta({
    id: 'DeliveryDetail',
    description: 'A delivery with its attempts.',
    examples: [{ ...EXAMPLE, attempts: attempt.meta()?.['examples'] ?? [] }],
  });

export type DeliveryJson = z.infer<typeof delivery>;
export type DeliveryDetailJson = z.infer<typeof deliveryDetail>;
