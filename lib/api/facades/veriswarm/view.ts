import type { Delivery } from '../../../domain/delivery.ts';
import { type Endpoint, shownUrl } from '../../../domain/endpoint.ts';
import type { EndpointView } from '../../../pipeline/history/endpoint-history.ts';
import type { DeliveryView } from '../../../pipeline/history/views.ts';
import type { RetriesSummary } from '../../../pipeline/manual/waiting-retries.ts';
import type { SummaryJson, VeriswarmDeliveryJson, WebhookJson } from './schemas.ts';
import { asSeconds, asSecondsOrNull } from './whole-seconds.ts';

/** What a new webhook and an old one are both shown with. */
export function webhookFields(id: number, endpoint: Endpoint) {
  const { label, events, status, createdAt } = endpoint;
  return {
    id,
    label: label ?? null,
    callback_url: shownUrl(endpoint),
    event_types: [...events],
    is_active: status === 'active',
    created_at: asSeconds(createdAt),
  };
}

export function webhookJson(id: number, view: EndpointView): WebhookJson {
  return {
    ...webhookFields(id, view.endpoint),
    last_attempted_at: asSecondsOrNull(view.lastAttemptedAt),
    last_success_at: asSecondsOrNull(view.lastSuccessAt),
    last_status_code: view.lastStatusCode ?? null,
  };
}

/** The numbers of a delivery, of its endpoint, and of the delivery that it repeats. */
export interface DeliveryNumbers {
  id: number;
  webhookId: number;
  retriedFrom: number | undefined;
}

/** @param now milliseconds since the Unix epoch */
export function veriswarmDelivery(
  { id, webhookId, retriedFrom }: DeliveryNumbers,
  { delivery, maxAttempts }: DeliveryView,
  now: number,
): VeriswarmDeliveryJson {
  const latest = delivery.attempts.at(-1);
  const status = statusOf(delivery, now);
  const isGivenUp = delivery.status === 'abandoned';
  const waits = delivery.status === 'retrying' || (delivery.status === 'parked' && latest !== undefined);
  return {
    id,
    webhook_id: webhookId,
    event_type: delivery.eventType,
    status,
    status_code: latest?.statusCode ?? null,
    duration_ms: latest?.durationMs ?? null,
    error_message: (isGivenUp ? delivery.statusReason : latest?.errorMessage) ?? null,
    attempt_number: latest?.number ?? 0,
    // Its customers know the number of retries by this name.
    max_attempts: maxAttempts - 1,
    retried_from_delivery_id: retriedFrom ?? null,
    next_retry_at: waits ? asSecondsOrNull(delivery.dueAt) : null,
    alert_sent_at: asSecondsOrNull(delivery.alertSentAt),
    alert_error: delivery.alertError ?? null,
    created_at: asSeconds(delivery.createdAt),
  };
}

function statusOf({ status, attempts, dueAt }: Delivery, now: number): VeriswarmDeliveryJson['status'] {
  const isComing = dueAt !== undefined && dueAt > now;
  switch (status) {
    case 'pending':
    case 'held':
      return 'pending';
    case 'parked':
      if (attempts.length === 0) return 'pending';
      return isComing ? 'failed' : 'retrying';
    case 'retrying':
      return isComing ? 'failed' : 'retrying';
    case 'abandoned':
      return 'failed';
    case 'delivered':
    case 'exhausted':
      return status;
  }
}

/** Whatever waits for another attempt is `retrying`, wherever it waits. */
export function veriswarmSummary({ counts, rateLimited, held, ...times }: RetriesSummary): SummaryJson {
  return {
    counts: {
      pending: counts.pending + held,
      retrying: counts.retrying + counts.parked + rateLimited,
      exhausted: counts.exhausted,
    },
    oldest_due_at: asSecondsOrNull(times.oldestDueAt),
    next_due_at: asSecondsOrNull(times.nextDueAt),
  };
}
