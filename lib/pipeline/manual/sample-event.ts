import { dialectNamed } from '../../dialects/index.ts';
import { type Endpoint } from '../../domain/endpoint.ts';
import { unknownEventType } from '../../domain/errors.ts';
import { type EventTypePolicy, MAX_TYPE_LENGTH } from '../../domain/event-type.ts';
import type { EventTopic } from '../../domain/event.ts';
import { isExactType, matches } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import { catalogueOf, eventTypeOf } from '../catalogue.ts';

/** What a test event has. */
export interface Sample {
  type: string;
  /** JSON text. */
  data: string;
}

/** Of a type whose catalogue entry has no example. */
const DATA = JSON.stringify({ message: 'This is a test event.' });
/** Of an endpoint that subscribes to no type by name, where no catalogue has one either. */
const TYPE = 'test.event';
/** Of an endpoint that subscribes to a prefix of types. */
const LAST_PART = 'test';

/**
 * A sample event: of the type that is wanted, or else of the first that the endpoint subscribes to; with the example of
 * the catalogue, where there is one.
 * @throws RequestError `unknown-event-type` when the policy refuses it
 */
export async function sampleFor(
  ports: Pick<Ports, 'eventTypes'>,
  endpoint: Endpoint,
  policy: Pick<Required<EventTypePolicy>, 'refusesUnknown'>,
  wanted?: string,
): Promise<Sample> {
  const type = wanted ?? (await firstTypeOf(ports, endpoint));
  const known = await eventTypeOf(ports, endpoint.tenantId, type);
  if (!known && policy.refusesUnknown) throw unknownEventType(type);
  return { type, data: known?.example ?? DATA };
}

/** What its first pattern names: itself, or the first type of the catalogues that it matches. */
async function firstTypeOf(
  ports: Pick<Ports, 'eventTypes'>,
  { tenantId, dialect, events: [first = '*'] }: Endpoint,
): Promise<string> {
  if (isExactType(first)) return first;
  const known = (await catalogueOf(ports, tenantId)).filter(({ isDeprecated }) => !isDeprecated);
  const found = [...known, ...documentedBy(dialect)].find((topic) => matches({ events: [first] }, topic));
  return found?.type ?? (first.endsWith('.*') ? typeOf(first) : TYPE);
}

/** A type that this prefix of types has, no longer than a type may be. */
function typeOf(pattern: string): string {
  return (pattern.slice(0, -1) + LAST_PART).slice(0, MAX_TYPE_LENGTH);
}

function documentedBy(dialect: string): EventTopic[] {
  return dialectNamed(dialect).catalogue.flatMap(({ category, events }) =>
    events.map(({ type }) => ({ type, category })),
  );
}
