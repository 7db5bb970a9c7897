import type {
  Adoption,
  DeleteEventTypeQuery,
  Dialect,
  DialectList,
  EventType,
  EventTypeCreate,
  EventTypeUpdate,
  FilterTest,
  FilterTestResult,
  ListEventTypesQuery,
  OpenApiDocument,
  PreviewRequest,
  RequestPreview,
} from '../api-types.ts';
import { List } from '../list.ts';
import { type CallOptions, type Transport, segment } from '../transport.ts';

const PATH = '/v1/event-types';
const DIALECTS = '/v1/dialects';

/** `platform: true`: the platform's own, which all tenants share; for platform keys. */
export type OfPlatformOptions = CallOptions & DeleteEventTypeQuery;

/** The catalogue of event types. */
export class EventTypes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(type: EventTypeCreate, { platform, ...options }: OfPlatformOptions = {}): Promise<EventType> {
    return this.#transport.send({ method: 'POST', path: PATH, query: { platform }, body: type }, options);
  }

  /** By name. */
  list(query?: ListEventTypesQuery, options?: CallOptions): List<EventType> {
    return new List(this.#transport, PATH, query, options);
  }

  get(type: string, { platform, ...options }: OfPlatformOptions = {}): Promise<EventType> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(type)}`, query: { platform } }, options);
  }

  /** Changes the fields that are given. */
  update(type: string, changes: EventTypeUpdate, { platform, ...options }: OfPlatformOptions = {}): Promise<EventType> {
    const path = `${PATH}/${segment(type)}`;
    return this.#transport.send({ method: 'PATCH', path, query: { platform }, body: changes }, options);
  }

  /** Endpoints that subscribe to it keep it. */
  delete(type: string, { platform, ...options }: OfPlatformOptions = {}): Promise<void> {
    const path = `${PATH}/${segment(type)}`;
    return this.#transport.send({ method: 'DELETE', path, query: { platform }, ends: true }, options);
  }

  /** Adds those that a dialect documents. */
  adopt(dialect: string, { platform, ...options }: OfPlatformOptions = {}): Promise<Adoption> {
    const path = `${DIALECTS}/${segment(dialect)}/event-types`;
    return this.#transport.send({ method: 'POST', path, query: { platform }, idempotent: true }, options);
  }

  /** The catalogue as an OpenAPI 3.1 document with webhooks. */
  openApi(options?: CallOptions): Promise<OpenApiDocument> {
    return this.#transport.send({ method: 'GET', path: '/v1/webhooks.json' }, options);
  }
}

/** What receivers see. */
export class Dialects {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Those of the deployment, with the event types that their platforms document. */
  async list(options?: CallOptions): Promise<Dialect[]> {
    const { data } = await this.#transport.send<DialectList>({ method: 'GET', path: DIALECTS }, options);
    return data;
  }

  /** The request that an endpoint would receive for an event. Nothing is sent or kept. */
  preview(dialect: string, event: PreviewRequest = {}, options?: CallOptions): Promise<RequestPreview> {
    const path = `${DIALECTS}/${segment(dialect)}/preview`;
    return this.#transport.send({ method: 'POST', path, body: event, idempotent: true }, options);
  }
}

/** What the data of an event has to be, for an endpoint to get it. */
export class Filters {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Does this data match, and why not? Nothing is sent or kept. */
  test(filter: FilterTest, options?: CallOptions): Promise<FilterTestResult> {
    return this.#transport.send({ method: 'POST', path: '/v1/filters/test', body: filter, idempotent: true }, options);
  }
}
