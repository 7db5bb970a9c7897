import { type JSONSchema, compile } from 'json-schema-to-typescript';
import type { EventType } from '../../../sdk/src/api-types.ts';

/** The text of a file of types: an interface `Events` with the data of each type by its name. */
export async function typesOf(types: readonly EventType[]): Promise<string> {
  const properties = Object.fromEntries(types.map((type) => [type.type, schemaOf(type)]));
  const root = {
    type: 'object',
    description: 'The data of each event type.',
    properties,
    required: Object.keys(properties),
  };
  return compile({ ...root, additionalProperties: false } as JSONSchema, 'Events', {
    bannerComment: '// Written by "postrider types" from the catalogue of event types.',
    // What a schema does not name is not forbidden by it, but is a slip more often than not.
    additionalProperties: false,
    format: false,
    // A schema is a tenant's: it reads no file and no address here.
    $refOptions: { resolve: { external: false } },
  });
}

function schemaOf({ type, description, deprecated, schema }: EventType): object {
  const own = (schema ?? {}) as Record<string, unknown>;
  const data = plain(own, `#/properties/${encodeURIComponent(type)}`) as object;
  const isAny = Object.keys(data).every((name) => name === 'description');
  return {
    ...data,
    ...(isAny && { tsType: 'unknown' }),
    description: inComment(description),
    ...(deprecated && { deprecated }),
  };
}

/** What the generator would take for more than a schema, and what TypeScript can't say. */
const DROPPED = new Set(['tsType', 'tsEnumNames', 'title', '$id', '$schema', '$comment', 'examples', 'default']);

/** A schema within the whole: its references begin at its own place. @param place of the event type's schema */
function plain(schema: unknown, place: string, isNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => plain(one, place));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name]) => isNames || !DROPPED.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, valueOf(name, value, place, isNames)]));
}

function valueOf(name: string, value: unknown, place: string, isNames: boolean): unknown {
  if (!isNames && name === '$ref') return String(value).replace('#', place);
  if (!isNames && name === 'description') return inComment(String(value));
  if (!isNames && (name === 'enum' || name === 'const')) return value;
  // The names in here are those of fields, and of schemas.
  return plain(value, place, !isNames && ['properties', '$defs', 'definitions', 'patternProperties'].includes(name));
}

/** A description can't end the comment that it stands in. */
function inComment(text: string): string {
  return text.replaceAll('*/', '*∕');
}
