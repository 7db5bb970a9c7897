import type {
  Brake as BrakeState,
  GetStatsQuery,
  GetUsageQuery,
  Health,
  Job,
  ListTenantsQuery,
  OpenApiDocument,
  Stats,
  Tenant,
  TenantCreate,
  TenantUpdate,
  Usage,
} from '../api-types.ts';
import { List } from '../list.ts';
import { type CallOptions, type SecondFactorOptions, type Transport, segment } from '../transport.ts';

const TENANTS = '/v1/tenants';

/** The platform's customers; for platform keys. */
export class Tenants {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(tenant: TenantCreate, options?: CallOptions): Promise<Tenant> {
    return this.#transport.send({ method: 'POST', path: TENANTS, body: tenant }, options);
  }

  /** All of them, by id. */
  list(query?: ListTenantsQuery, options?: CallOptions): List<Tenant> {
    return new List(this.#transport, TENANTS, query, options);
  }

  get(id: string, options?: CallOptions): Promise<Tenant> {
    return this.#transport.send({ method: 'GET', path: `${TENANTS}/${segment(id)}` }, options);
  }

  /** Its name, its quota and what the catalogue of event types means for it; they hold within seconds. */
  update(id: string, changes: TenantUpdate, options?: CallOptions): Promise<Tenant> {
    return this.#transport.send({ method: 'PATCH', path: `${TENANTS}/${segment(id)}`, body: changes }, options);
  }

  /**
   * Erases all that is stored for it, by a job, for good. Wait for the job as the tenant:
   * `postrider.tenant(id).jobs.wait(job.id)`.
   */
  erase(id: string, options?: SecondFactorOptions): Promise<Job> {
    return this.#transport.send({ method: 'DELETE', path: `${TENANTS}/${segment(id)}` }, options);
  }

  /** Encrypts its secrets, header values and second factor again, with the newest data key, by a job. */
  reseal(id: string, options?: SecondFactorOptions): Promise<Job> {
    const path = `${TENANTS}/${segment(id)}/reseal`;
    return this.#transport.send({ method: 'POST', path }, options);
  }

  /** Removes its second factor, whose device and recovery codes are lost. */
  resetSecondFactor(id: string, options?: SecondFactorOptions): Promise<Tenant> {
    const path = `${TENANTS}/${segment(id)}/reset-mfa`;
    return this.#transport.send({ method: 'POST', path, idempotent: true }, options);
  }
}

/** What a tenant used. */
export class UsageReports {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** By day: events, attempts, how deliveries ended, and what that costs on AWS. */
  get(query?: GetUsageQuery, options?: CallOptions): Promise<Usage> {
    return this.#transport.send({ method: 'GET', path: '/v1/usage', query }, options);
  }
}

/** Numbers for charts. */
export class StatsReports {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** How deliveries ended and how long requests took, in steps of time: of an endpoint, or of the tenant by day. */
  get(query?: GetStatsQuery, options?: CallOptions): Promise<Stats> {
    return this.#transport.send({ method: 'GET', path: '/v1/stats', query }, options);
  }
}

export interface BrakeOptions extends CallOptions {
  /** Of this tenant alone. Without it: of the whole deployment. */
  tenant?: string;
}

/** Stops all sending, or one tenant's; for platform keys. */
export class Brake {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options?: BrakeOptions): Promise<BrakeState> {
    return this.#call('GET', options);
  }

  /** Events are accepted on; nothing is lost. */
  set(options?: BrakeOptions): Promise<BrakeState> {
    return this.#call('PUT', options);
  }

  /** What was stopped goes out within five minutes. */
  release(options?: BrakeOptions): Promise<BrakeState> {
    return this.#call('DELETE', options);
  }

  #call(method: 'GET' | 'PUT' | 'DELETE', { tenant, ...options }: BrakeOptions = {}): Promise<BrakeState> {
    return this.#transport.send({ method, path: '/v1/brake', query: { tenant_id: tenant } }, options);
  }
}

/** The service itself. */
export class Service {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Answers when it is up. */
  health(options?: CallOptions): Promise<Health> {
    return this.#transport.send({ method: 'GET', path: '/v1/health' }, options);
  }

  /** Its API as an OpenAPI 3.1 document. */
  openApi(options?: CallOptions): Promise<OpenApiDocument> {
    return this.#transport.send({ method: 'GET', path: '/v1/openapi.json' }, options);
  }
}
