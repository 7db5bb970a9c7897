import { AlertMails } from './resources/alerts.ts';
import { ApiKeys, AuditLog, SecondFactor } from './resources/access.ts';
import { Deliveries } from './resources/deliveries.ts';
import { Endpoints } from './resources/endpoints.ts';
import { Dialects, EventTypes, Filters } from './resources/event-types.ts';
import { PostedEvents } from './resources/events.ts';
import { Jobs } from './resources/jobs.ts';
import { Ops } from './resources/ops.ts';
import { Brake, Service, StatsReports, Tenants, UsageReports } from './resources/platform.ts';
import { Polls } from './resources/polls.ts';
import { PortalSessions } from './resources/portal.ts';
import { type AnyOptions, type Call, type PostriderOptions, Transport } from './transport.ts';

/**
 * A client of a Postrider service.
 *
 * Calls that may be made again safely are: reads, changes that do nothing the second time, and calls with an idempotency
 * key, which the client gives to each that can have one. They are retried when no answer came, and when the service says
 * that it failed or is overloaded; at least as late as its `Retry-After` asks, and not at all when that is more than a
 * minute. A call ends with a `PostriderError`.
 *
 * @typeParam Events the data of each event type: `{ 'task.completed': { id: string } }`
 */
export class Postrider<Events extends object = Record<string, unknown>> {
  readonly #transport: Transport;
  readonly events: PostedEvents<Events>;
  readonly endpoints: Endpoints;
  readonly polls: Polls;
  readonly deliveries: Deliveries;
  readonly jobs: Jobs;
  readonly eventTypes: EventTypes;
  readonly dialects: Dialects;
  readonly filters: Filters;
  readonly alertMail: AlertMails;
  readonly apiKeys: ApiKeys;
  readonly secondFactor: SecondFactor;
  readonly auditLog: AuditLog;
  readonly portal: PortalSessions;
  readonly usage: UsageReports;
  readonly stats: StatsReports;
  readonly tenants: Tenants;
  readonly ops: Ops;
  readonly brake: Brake;
  readonly service: Service;

  /** @throws TypeError for options that could never work */
  constructor(options: PostriderOptions) {
    const transport = new Transport(options);
    this.#transport = transport;
    this.events = new PostedEvents(transport);
    this.endpoints = new Endpoints(transport);
    this.polls = new Polls(transport);
    this.deliveries = new Deliveries(transport);
    this.jobs = new Jobs(transport);
    this.eventTypes = new EventTypes(transport);
    this.dialects = new Dialects(transport);
    this.filters = new Filters(transport);
    this.alertMail = new AlertMails(transport);
    this.apiKeys = new ApiKeys(transport);
    this.secondFactor = new SecondFactor(transport);
    this.auditLog = new AuditLog(transport);
    this.portal = new PortalSessions(transport);
    this.usage = new UsageReports(transport);
    this.stats = new StatsReports(transport);
    this.tenants = new Tenants(transport);
    this.ops = new Ops(transport);
    this.brake = new Brake(transport);
    this.service = new Service(transport);
  }

  /** Makes a call that this version has no method for, with the same authorization, retries and errors. */
  call<Answer = unknown>(call: Call, options?: AnyOptions): Promise<Answer> {
    return this.#transport.send(call, options);
  }

  /** The same client for the data of a tenant; for platform keys. */
  tenant(id: string): Postrider<Events> {
    return new Postrider(this.#transport.optionsFor(id));
  }
}
