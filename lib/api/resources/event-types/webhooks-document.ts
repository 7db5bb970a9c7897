import { mapSubschemas } from '../../../domain/data-schema.ts';
import { parseExactJson } from '../../../domain/exact-json.ts';
import type { EventType } from '../../../domain/event-type.ts';
import type { OpenApiDocument } from '../service/schemas.ts';

type Json = Record<string, unknown>;

/**
 * What endpoints of the dialect `standard` receive, as an OpenAPI 3.1 document whose `webhooks` a generator reads.
 * @param eventTypes at most one of each name
 */
export function webhooksDocument(eventTypes: readonly EventType[]): OpenApiDocument {
  const names = new Set<string>();
  const categories = new Set(eventTypes.flatMap(({ category }) => category ?? []));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Webhooks',
      version: '1',
      description: 'Each request is signed as Standard Webhooks describes it: verify it before you read it.',
    },
    tags: [...categories].map((name) => ({ name })),
    webhooks: Object.fromEntries(
      eventTypes.map((eventType) => [
        eventType.type,
        { post: operation(eventType, unusedName(eventType.type, names)) },
      ]),
    ),
    components: { schemas: {}, headers: {}, parameters: PARAMETERS },
  };
}

const header = (name: string, description: string, type: string): Json => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type },
});

const PARAMETERS = {
  WebhookId: header('webhook-id', 'The same on every attempt: use it to drop duplicates.', 'string'),
  WebhookTimestamp: header('webhook-timestamp', 'When this attempt was made: seconds since the Unix epoch.', 'integer'),
  WebhookSignature: header('webhook-signature', 'One or more signatures, separated by spaces.', 'string'),
};

function operation(eventType: EventType, operationId: string): Json {
  const { type, description, category, schema, example, isDeprecated } = eventType;
  return {
    operationId,
    summary: description,
    ...(category !== undefined && { tags: [category] }),
    ...(isDeprecated && { deprecated: true }),
    parameters: Object.keys(PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: bodySchema(type, schema === undefined ? {} : withoutDefinitions(parseExactJson(schema) as Json)),
          ...(example !== undefined && {
            example: { type, timestamp: EXAMPLE_TIME, data: parseExactJson(example) },
          }),
        },
      },
    },
    responses: { '2XX': { description: 'Received. Anything else is a failure, and is retried.' } },
  };
}

const EXAMPLE_TIME = '2026-02-06T12:00:00.000Z';

function bodySchema(type: string, data: Json): Json {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: { type: { const: type }, timestamp: { type: 'string', format: 'date-time' }, data },
  };
}

/** `a.b` and `a_b` get different names. */
function unusedName(type: string, names: Set<string>): string {
  const name = operationIdOf(type);
  let free = name;
  for (let number = 2; names.has(free); number += 1) free = `${name}${number}`;
  names.add(free);
  return free;
}

/** Dots and dashes are in no generator's names: `task.item-added` is `onTaskItemAdded`. */
function operationIdOf(type: string): string {
  const words = type.split(/[._-]+/).filter((word) => word !== '');
  return `on${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

/** A reference is to its own schema, which is no whole document here: what it names takes its place. It never recurs. */
function withoutDefinitions(schema: Json): Json {
  const { $defs, definitions, $schema: _, ...rest } = schema;
  const held: Readonly<Record<string, unknown>> = { $defs, definitions };
  const inlined = (part: Json): Json => {
    const { $ref, ...others } = part;
    const own = mapSubschemas(others, inlined);
    if (typeof $ref !== 'string') return own;
    const [, holder = '', name = ''] = $ref.split('/');
    const named = (held[holder] as Json)[name];
    const meant = typeof named === 'object' ? inlined(named as Json) : named;
    const isAlone = Object.keys(own).length === 0 && typeof meant === 'object';
    return isAlone ? (meant as Json) : { allOf: [meant, own] };
  };
  return inlined(rest);
}
