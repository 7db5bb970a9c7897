import { compileFields, textOf } from '../../dialects/declared/write-fields.ts';
import { parseExactJson } from '../../domain/exact-json.ts';
import { valueAt } from '../../domain/value-at.ts';
import type { Source } from '../../pipeline/sources/take-in.ts';
import { DEFAULT_API_SETTINGS } from '../api-settings.ts';
import { postedEvent } from '../resources/events/posted-event.ts';
import { readJsonBody, refuseLargeBody, textOfBody } from '../http/read-body.ts';
import { readPart } from '../http/read-input.ts';
import { type ReadField, type SourceField, WHOLE, sourceEvent } from './source-fields.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/**
 * A source whose messages are JSON, and are read as the API reads a body.
 * @param fields how the event is made of a message; undefined: the message is the event
 */
export function sourceOf(name: string, fields: readonly SourceField[] | undefined): Source {
  const { maxBodyBytes, maxBatchBytes } = DEFAULT_API_SETTINGS;
  const write = fields && compileFields<unknown, ReadField>(fields, writerOf);
  return {
    name,
    read({ id, body: message }) {
      refuseLargeBody(message, maxBatchBytes);
      const body = textOfBody(message);
      const value = readJson(body);
      const made = write ? readJson(write(parseExactJson(body))) : value;
      const { tenant_id: tenantId, idempotency_key: key = id, ...event } = readPart(sourceEvent, made, 'The event');
      return { tenantId, event: postedEvent(event, maxBodyBytes), idempotencyKey: keyOf(name, key) };
    },
  };
}

function readJson(body: string): unknown {
  return readJsonBody({ body, headers: JSON_HEADERS }, {});
}

/** Those of a source are its own: no header can contain a line feed. */
function keyOf(source: string, key: string): string {
  return `source:${source}\n${key}`;
}

function writerOf({ from, values = {} }: ReadField): (message: unknown) => string | undefined {
  const path = from === WHOLE ? [] : from.split('.');
  return (message) => {
    const found = valueAt(message, path);
    return textOf(typeof found === 'string' && Object.hasOwn(values, found) ? values[found] : found);
  };
}
