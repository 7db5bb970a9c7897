import { parseExactJson } from '../../../domain/exact-json.ts';
import { type Event, eventTime } from '../../../domain/event.ts';
import type { EventView } from '../../../pipeline/history/history.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { EventDetailJson, EventJson } from './schemas.ts';

export function eventJson(event: Event): EventJson {
  return {
    id: event.id,
    tenant_id: event.tenantId,
    type: event.type,
    data: parseExactJson(event.data),
    project: event.project ? { id: event.project.id, name: event.project.name ?? null } : null,
    trace: event.trace === undefined ? null : parseExactJson(event.trace),
    external_id: event.externalId ?? null,
    test: event.isTest ?? false,
    occurred_at: asTimestamp(eventTime(event)),
    created_at: asTimestamp(event.acceptedAt),
    filtered: event.filtered ?? 0,
    payload_deleted_at: asTimestampOrNull(event.payloadDeleted?.at),
  };
}

export function eventDetailJson({ event, counts }: EventView): EventDetailJson {
  return { ...eventJson(event), counts };
}
