import type { Delivery, DeliveryStatus } from '../../../domain/delivery.ts';
import { deliveryId } from '../../../domain/ids.ts';
import type { DeliveryDetail } from '../../../pipeline/history/history.ts';
import type { DeliveryView } from '../../../pipeline/history/views.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { AttemptJson } from './attempt-schema.ts';
import type { DeliveryDetailJson, DeliveryJson } from './schemas.ts';

/** Those whose due time is that of a next attempt. */
const COMING: ReadonlySet<DeliveryStatus> = new Set(['pending', 'retrying', 'parked']);

export function deliveryJson({ delivery, maxAttempts }: DeliveryView): DeliveryJson {
  const latest = delivery.attempts.at(-1);
  return {
    id: deliveryId(delivery),
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    status: delivery.status,
    status_reason: delivery.statusReason ?? null,
    ...(isOurFault(delivery) ? OUR_FAULT : resultJson(latest)),
    attempt_number: latest?.number ?? 0,
    max_attempts: maxAttempts,
    retried_from_delivery_id: retriedFrom(delivery),
    test: delivery.isTest ?? false,
    next_retry_at: COMING.has(delivery.status) ? asTimestampOrNull(delivery.dueAt) : null,
    alert_sent_at: asTimestampOrNull(delivery.alertSentAt),
    alert_error: delivery.alertError ?? null,
    created_at: asTimestamp(delivery.createdAt),
    updated_at: asTimestamp(delivery.updatedAt),
  };
}

/** What failed last was not the customer's endpoint; its own answers stay in the attempts. */
const OUR_FAULT = {
  status_code: null,
  duration_ms: null,
  error_kind: null,
  error_message: 'Given up for a fault of the sending service, not of the endpoint. Retry it.',
};

function isOurFault({ status, statusReason }: Delivery): boolean {
  return status === 'abandoned' && statusReason === 'fault';
}

function retriedFrom(delivery: Delivery): string | null {
  const { ordinal, retriedFromOrdinal = 0 } = delivery;
  return ordinal === 0 ? null : deliveryId({ ...delivery, ordinal: retriedFromOrdinal });
}

export function deliveryDetailJson(detail: DeliveryDetail): DeliveryDetailJson {
  return { ...deliveryJson(detail), attempts: detail.attempts.map(attemptJson) };
}

function attemptJson(attempt: DeliveryDetail['attempts'][number]): AttemptJson {
  return {
    number: attempt.number,
    at: asTimestamp(attempt.at),
    ...resultJson(attempt),
    signed_with: attempt.signedWith?.split(' ') ?? [],
    response_body: attempt.responseBody === undefined ? null : bodyJson(attempt.responseBody),
  };
}

function resultJson(attempt: Delivery['attempts'][number] | undefined) {
  return {
    status_code: attempt?.statusCode ?? null,
    duration_ms: attempt?.durationMs ?? null,
    error_kind: attempt?.errorKind ?? null,
    error_message: attempt?.errorMessage ?? null,
  };
}

/** Text where the bytes are UTF-8; the cut at the limit may have split the last character, which is left out. */
function bodyJson(bytes: Uint8Array): AttemptJson['response_body'] {
  try {
    // `stream` keeps an unfinished last character back instead of refusing it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}
