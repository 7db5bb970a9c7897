import type { EventType } from '../../domain/event-type.ts';
import type { Ports } from '../../ports/ports.ts';
import { type DataCheck, compileSchema } from './data-check.ts';

/** What ingest needs to know of an event type. */
export interface KnownType {
  category?: string;
  /** Absent: it has no schema. */
  check?: DataCheck;
}

/** What a tenant's catalogue, or else the platform's, says of a type. */
export type TypeOf = (tenantId: string, type: string) => Promise<KnownType | undefined>;

/** A change of a catalogue holds everywhere after that. */
export const STALE_AFTER_MS = 10_000;
/** What was not there is looked for again sooner: it is often a type that was just added. */
export const ABSENT_AFTER_MS = 1000;
/** The schemas of so many types, at 8 KB each, fit a small function's memory. */
const REMEMBERED_TYPES = 2000;

interface Reading {
  at: number;
  type: Promise<KnownType | undefined>;
  /** It was read, and was not there. */
  isAbsent?: true;
}

type Ask = (owner: string | undefined, type: string) => Promise<KnownType | undefined>;

/** Reads a type once in ten seconds; asked only for tenants that use the catalogue. */
export function createKnownTypes(ports: Pick<Ports, 'clock' | 'eventTypes'>): TypeOf {
  const readings = new Map<string, Reading>();
  const ask: Ask = (owner, type) => {
    const key = JSON.stringify([owner, type]);
    const now = ports.clock.now();
    const known = readings.get(key);
    if (known && now - known.at < (known.isAbsent ? ABSENT_AFTER_MS : STALE_AFTER_MS)) return known.type;
    const reading: Reading = { at: now, type: ports.eventTypes.get(owner, type).then(asKnown) };
    readings.delete(key);
    readings.set(key, reading);
    reading.type.then(
      (found) => found ?? (reading.isAbsent = true),
      () => readings.get(key) === reading && readings.delete(key),
    );
    if (readings.size > REMEMBERED_TYPES) readings.delete(readings.keys().next().value as string);
    return reading.type;
  };
  return async (tenantId, type) => {
    const [own, shared] = await Promise.all([ask(tenantId, type), ask(undefined, type)]);
    return own ?? shared;
  };
}

async function asKnown(eventType: EventType | undefined): Promise<KnownType | undefined> {
  if (!eventType) return undefined;
  const { category, schema } = eventType;
  return {
    ...(category !== undefined && { category }),
    ...(schema !== undefined && { check: await compileSchema(schema) }),
  };
}
