import type { Event } from '../../domain/event.ts';
import { eventTime } from '../../domain/event.ts';
import { parseExactJson } from '../../domain/exact-json.ts';
import { derivedUuid, uuidOf } from '../../domain/uuids.ts';
import { valueAt } from '../../domain/value-at.ts';
import type { DialectDefinition, Field } from './definition.ts';
import { type Write, compileFields, textOf } from './write-fields.ts';

/** What a body is written from. `data` and `trace` are parsed when a field first asks for a part of them. */
interface Source {
  event: Event;
  deliveryId: string;
  data: () => unknown;
  trace: () => unknown;
}

type ReadField = Extract<Field, { from: string }>;

/** Writes the body of an event: the same for the same event, on every attempt. */
export function compileEnvelope(envelope: DialectDefinition['envelope']): (event: Event, deliveryId: string) => string {
  if (envelope === 'data') return ({ data }) => data;
  const write = compileFields(envelope, writerOf);
  return (event, deliveryId) => {
    const data = once(() => parseExactJson(event.data));
    const trace = once(() => (event.trace === undefined ? undefined : parseExactJson(event.trace)));
    return write({ event, deliveryId, data, trace });
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function writerOf(field: ReadField): Write<Source> {
  const read = readerOf(field.from, field.format ?? 'milliseconds');
  const absent = field.when_absent === 'omit' ? undefined : 'null';
  return (source) => read(source) ?? absent;
}

function readerOf(from: string, format: NonNullable<ReadField['format']>): Write<Source> {
  if (from === 'data') return ({ event }) => event.data;
  if (from.startsWith('data.')) {
    const path = from.split('.').slice(1);
    return ({ data }) => textOf(valueAt(data(), path));
  }
  if (from === 'time') return ({ event }) => textOf(writeTime(eventTime(event), format));
  const read = READERS[from];
  if (!read) throw new Error(`There is no source ${JSON.stringify(from)} of a field.`);
  return (source) => textOf(read(source));
}

const READERS: Readonly<Record<string, (source: Source) => unknown>> = {
  id: ({ event }) => event.id,
  uuid: ({ event }) => uuidOf(event.id),
  delivery_id: ({ deliveryId }) => deliveryId,
  type: ({ event }) => event.type,
  tenant: ({ event }) => event.tenantId,
  'project.id': ({ event }) => event.project?.id,
  'project.name': ({ event }) => event.project?.name,
  external_id: ({ event }) => event.externalId,
  'trace.trace_id': ({ event, trace }) => valueAt(trace(), ['trace_id']) ?? derivedUuid(event.id, 'trace'),
  'trace.span_id': ({ event, trace }) => valueAt(trace(), ['span_id']) ?? derivedUuid(event.id, 'span'),
  'trace.parent': ({ trace }) => valueAt(trace(), ['parent']),
};

function writeTime(ms: number, format: string): string | number {
  const iso = new Date(ms).toISOString();
  switch (format) {
    case 'unix':
      return Math.floor(ms / 1000);
    case 'unix_ms':
      return ms;
    case 'seconds':
      return iso.replace(/\.\d{3}Z$/, 'Z');
    default:
      return iso;
  }
}
