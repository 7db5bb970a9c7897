import { type EventCatalogue, entriesOf } from '../../../dialects/catalogue.ts';
import { dialectNamed } from '../../../dialects/index.ts';
import { RequestError, notFound } from '../../../domain/errors.ts';
import { type EventType, MAX_EVENT_TYPES } from '../../../domain/event-type.ts';
import { catalogueOf } from '../../../pipeline/catalogue.ts';
import { registerUnlessErased } from '../../../pipeline/register-tenant.ts';
import type { CatalogueOwner } from '../../../ports/event-type-store.ts';
import { ownerOf } from '../../auth/owner.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { eventTypeRoutes } from './routes.ts';
import { eventTypeJson, withEdit } from './view.ts';
import { webhooksDocument } from './webhooks-document.ts';

type Used = 'clock' | 'eventTypes' | 'tenants';
type Context = HandlerContext<Used>;

export const eventTypeHandlers: HandlersOf<typeof eventTypeRoutes, 'account', Used> = {
  'event-types.create': async ({ query, body }, context) => {
    const owner = ownerOf(query, context.caller);
    const { type, description } = body;
    const added = withEdit(newEventType(context, owner, type, description), body, context.ports.clock.now());
    await refuseTooMany(context, owner, 1);
    await register(context, owner);
    if (!(await context.ports.eventTypes.putUnlessExists(added))) throw alreadyThere(type);
    return eventTypeJson(added);
  },

  'event-types.list': async ({ query }, context) => {
    const owner = ownerOf(query, context.caller);
    const list = { route: eventTypeRoutes.list.id, tenantId: owner ?? '' };
    const { cursor, limit } = listRange(list, query);
    const found = await context.ports.eventTypes.page(owner, cursor, limit + 1);
    const data = found.slice(0, limit);
    const next = found.length > limit ? data.at(-1)?.type : undefined;
    return { data: data.map(eventTypeJson), next_cursor: writeCursor(list, next) };
  },

  'event-types.get': async ({ params, query }, context) =>
    eventTypeJson(await existing(context, ownerOf(query, context.caller), params.id)),

  'event-types.update': async ({ params, query, body }, context) => {
    const { clock, eventTypes } = context.ports;
    const before = await existing(context, ownerOf(query, context.caller), params.id);
    const edited = withEdit(before, body, clock.now());
    if (!(await eventTypes.replaceIfExists(edited))) throw unknown();
    return eventTypeJson(edited);
  },

  'event-types.delete': async ({ params, query }, context) => {
    const { tenantId, type } = await existing(context, ownerOf(query, context.caller), params.id);
    await context.ports.eventTypes.remove(tenantId, type);
  },

  'event-types.adopt': async ({ params, query }, context) => {
    const owner = ownerOf(query, context.caller);
    const wanted = documentedTypes(context, owner, dialectNamed(params.name).catalogue);
    await refuseTooMany(context, owner, wanted.length);
    await register(context, owner);
    const added = await Promise.all(wanted.map((eventType) => context.ports.eventTypes.putUnlessExists(eventType)));
    const count = added.filter(Boolean).length;
    return { added: count, kept: wanted.length - count };
  },

  'event-types.webhooks': async (_, { ports, tenantId }) => webhooksDocument(await catalogueOf(ports, tenantId)),
};

function newEventType({ ports }: Context, owner: CatalogueOwner, type: string, description: string): EventType {
  const now = ports.clock.now();
  return {
    ...(owner !== undefined && { tenantId: owner }),
    type,
    description,
    isDeprecated: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** Both names of a type that has two can be posted, and so are in the catalogue. */
function documentedTypes(context: Context, owner: CatalogueOwner, catalogue: EventCatalogue): EventType[] {
  return catalogue.flatMap(({ category, events }) =>
    entriesOf([{ category, events }]).flatMap(({ type, alias, description }) =>
      [type, ...(alias === undefined ? [] : [alias])].map((name) => ({
        ...newEventType(context, owner, name, description),
        category,
      })),
    ),
  );
}

/** Calls at the same moment may exceed it by what they add. */
async function refuseTooMany({ ports }: Context, owner: CatalogueOwner, more: number): Promise<void> {
  const { length } = await ports.eventTypes.page(owner, undefined, MAX_EVENT_TYPES);
  if (length + more <= MAX_EVENT_TYPES) return;
  throw new RequestError(
    'too-many-event-types',
    `A catalogue has at most ${MAX_EVENT_TYPES} event types: remove some first.`,
  );
}

/** A tenant is in the list of tenants before anything of it is stored. */
async function register({ ports }: Context, owner: CatalogueOwner): Promise<void> {
  if (owner === undefined) return;
  await registerUnlessErased(ports.tenants, { id: owner, registeredAt: ports.clock.now() });
}

async function existing({ ports }: Context, owner: CatalogueOwner, type: string): Promise<EventType> {
  const found = await ports.eventTypes.get(owner, type);
  if (!found) throw unknown();
  return found;
}

function unknown(): RequestError {
  return notFound('event type');
}

function alreadyThere(type: string): RequestError {
  return new RequestError(
    'wrong-state',
    `${type} is in the catalogue. Change it with \`PATCH /v1/event-types/${type}\`.`,
  );
}
