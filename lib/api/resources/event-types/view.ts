import { parseExactJson } from '../../../domain/exact-json.ts';
import type { EventType } from '../../../domain/event-type.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { EventTypeEdit, EventTypeJson } from './schemas.ts';

export function eventTypeJson(eventType: EventType): EventTypeJson {
  return {
    tenant_id: eventType.tenantId ?? null,
    type: eventType.type,
    description: eventType.description,
    category: eventType.category ?? null,
    schema: parsed(eventType.schema),
    example: parsed(eventType.example),
    deprecated: eventType.isDeprecated,
    created_at: asTimestamp(eventType.createdAt),
    updated_at: asTimestamp(eventType.updatedAt),
  };
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? null : parseExactJson(json);
}

/** An event type with some fields changed: null removes one. */
export function withEdit(eventType: EventType, edit: EventTypeEdit, now: number): EventType {
  const { category, schema, example, ...rest } = eventType;
  const { description = rest.description, deprecated = rest.isDeprecated } = edit;
  return {
    ...rest,
    description,
    isDeprecated: deprecated,
    ...optional('category', edit.category === undefined ? category : edit.category),
    ...optional('schema', edit.schema === undefined ? schema : asText(edit.schema)),
    ...optional('example', edit.example === undefined ? example : asText(edit.example)),
    updatedAt: now,
  };
}

function asText(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function optional<Name extends string>(name: Name, value: string | null | undefined): { [N in Name]?: string } {
  return (value === null || value === undefined ? {} : { [name]: value }) as { [N in Name]?: string };
}
