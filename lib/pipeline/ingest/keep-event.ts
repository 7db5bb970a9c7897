import { tenantErased } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { policyInForce } from '../../domain/event-type.ts';
import { timeOf } from '../../domain/ids.ts';
import type { Found } from '../../domain/subscription-index.ts';
import type { Ports } from '../../ports/ports.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import type { Random } from '../../ports/random.ts';
import type { AdmitEvent } from '../quota.ts';
import type { RegisterTenant } from '../register-tenant.ts';
import type { PipelineSettings } from '../settings.ts';
import { checkType, noteWarning } from './check-type.ts';
import { firstMessagesOf } from './first-messages.ts';
import { claimName, newEventId } from './idempotency.ts';
import type { TypeOf } from './known-types.ts';
import type { MatcherOf, Matching } from './matcher.ts';
import type { IngestRequest } from './request.ts';

/** What ingest needs of the world. */
export type IngestPorts = Pick<
  Ports,
  | 'clock'
  | 'random'
  | 'log'
  | 'subscriptions'
  | 'events'
  | 'idempotency'
  | 'quotas'
  | 'tenants'
  | 'jobs'
  | 'queues'
  | 'eventTypes'
  | 'polls'
>;

/** What ingest works with. */
export interface Ingesting {
  ports: IngestPorts;
  settings: PipelineSettings;
  matcherOf: MatcherOf;
  typeOf: TypeOf;
  admit: AdmitEvent;
  register: RegisterTenant;
}

/** What keeping an event takes. */
export interface Keeping {
  ports: Pick<Ports, 'events' | 'random'>;
  settings: Pick<PipelineSettings, 'inlineEndpoints' | 'endpointsPerPage'>;
}

export interface KeptEvent {
  event: Event;
  /** It was there: another post of its key has kept it, and may have sent its first messages. */
  before: boolean;
  /** What the catalogue says against it, as a sentence; undefined: nothing. */
  warning: string | undefined;
  /** Those of its endpoints that are polled, where this post has kept it; absent: their messages say so. */
  polled?: ReadonlySet<string>;
  /** Its first messages were sent with it. */
  isSent?: true;
}

/**
 * Matches an event and keeps it, frozen with its endpoints, before its first message is sent. Of the posts of one key
 * exactly one keeps it; the others get that one, with its endpoints.
 * @throws RequestError `idempotency-conflict` when the key was used with another body, `over-quota`, `tenant-erased`, and
 * what `checkType` and matching throw: before the key is claimed, so that a corrected event may have it
 */
export async function keepEvent(ingesting: Ingesting, request: IngestRequest): Promise<KeptEvent> {
  const { ports } = ingesting;
  const { tenantId } = request;
  const newId = newEventId(ports);
  const matching = await ingesting.matcherOf(tenantId);
  if (matching.isErased) throw tenantErased();
  const { category, warning } = await lookUpType(ingesting, matching, request);
  const found = matching.match({ ...request.event, ...(category !== undefined && { category }) });
  const { eventId, repeated } = await claimName(ports, request, newId);
  // A repeat counts too: it sends its messages again.
  await ingesting.admit(tenantId, matching.eventsPerSecond);
  if (!matching.isRegistered) await ingesting.register(tenantId);
  const earlier = repeated ? await ports.events.get(tenantId, eventId) : undefined;
  if (earlier) return { event: earlier, before: true, warning };
  const kept = await keepMatched(ingesting, request, eventId, found);
  return { ...kept, before: kept.before && request.idempotencyKey !== undefined, warning };
}

/**
 * Keeps an event, frozen with the endpoints that it was matched with, unless one of its id is kept already: then that
 * one is returned, with its endpoints.
 */
export async function keepMatched(
  keeping: Keeping,
  posted: Pick<IngestRequest, 'tenantId' | 'event'>,
  eventId: string,
  found: Found,
): Promise<KeptEvent> {
  const { events } = keeping.ports;
  const event = await freezeEvent(keeping, posted, eventId, found);
  const { polled } = found;
  const none = { warning: undefined };
  const put = await putEvent(events, event, firstMessagesOf(event, polled));
  if (put) return { event, before: false, ...none, ...put, ...(polled && { polled }) };
  const kept = await events.get(posted.tenantId, eventId);
  if (!kept) throw new Error(`The event ${eventId} is there and cannot be read.`);
  return { event: kept, before: true, ...none };
}

/** Puts an event, with its first messages where the store can. @returns undefined when its id exists */
async function putEvent(
  events: Ports['events'],
  event: Event,
  messages: readonly OutgoingMessage[],
): Promise<Pick<KeptEvent, 'isSent'> | undefined> {
  if (!events.putWithMessages || messages.length === 0) return (await events.putUnlessExists(event)) ? {} : undefined;
  return (await events.putWithMessages(event, messages)) ? { isSent: true } : undefined;
}

/** Reads nothing for a tenant that uses no catalogue. */
async function lookUpType(
  { ports, settings, typeOf }: Ingesting,
  { eventTypePolicy, usesCategories }: Pick<Matching, 'eventTypePolicy' | 'usesCategories'>,
  { tenantId, event }: IngestRequest,
): Promise<{ category?: string; warning?: string }> {
  const policy = policyInForce(settings.eventTypePolicy, eventTypePolicy);
  const isChecked = policy.refusesUnknown || policy.dataCheck !== 'off';
  if (!isChecked && !usesCategories) return {};
  const known = await typeOf(tenantId, event.type);
  const warning = checkType(policy, known, event);
  if (warning !== undefined) noteWarning(ports, tenantId, event.type);
  return {
    ...(known?.category !== undefined && { category: known.category }),
    ...(warning !== undefined && { warning }),
  };
}

/** The event with its endpoints: their pages are kept, where there are too many of them. */
async function freezeEvent(
  { ports, settings }: Keeping,
  { tenantId, event: posted }: Pick<IngestRequest, 'tenantId' | 'event'>,
  id: string,
  { ids: endpointIds, filtered }: Found,
): Promise<Event> {
  const event = { ...posted, tenantId, id, acceptedAt: timeOf(id), ...(filtered > 0 && { filtered }) };
  if (endpointIds.length <= settings.inlineEndpoints) return { ...event, endpointIds };
  const pages = inPages(endpointIds, settings.endpointsPerPage);
  const token = newToken(ports.random);
  await keepPages(ports, event, token, pages);
  return { ...event, endpointIds: [], endpointPages: { token, pages: pages.length, count: endpointIds.length } };
}

/** Names one writer of an event's pages, so that those of two posts of one key never mix. */
function newToken(random: Random): string {
  return Buffer.from(random.bytes(12)).toString('base64url');
}

/** Two at a time: a batch has up to a hundred events that keep their pages side by side. */
const PAGES_AT_ONCE = 2;

async function keepPages(
  ports: Pick<Ports, 'events'>,
  { tenantId, id: eventId }: Pick<Event, 'tenantId' | 'id'>,
  token: string,
  pages: readonly string[][],
): Promise<void> {
  for (let start = 0; start < pages.length; start += PAGES_AT_ONCE) {
    const some = pages.slice(start, start + PAGES_AT_ONCE);
    await Promise.all(
      some.map((page, nth) => ports.events.putEndpointPage({ tenantId, eventId, token, index: start + nth }, page)),
    );
  }
}

function inPages(ids: readonly string[], size: number): string[][] {
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, page) => ids.slice(page * size, (page + 1) * size));
}
