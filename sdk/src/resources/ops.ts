import type {
  DeadLetterQueue,
  ListOpsEndpointsQuery,
  ListOpsJobsQuery,
  ListOpsUsageQuery,
  OpsEndpoint,
  OpsJob,
  OpsOverview,
  OpsSettings,
  OpsTenantUsage,
  Redrive,
  Redriven,
} from '../api-types.ts';
import { List } from '../list.ts';
import { type CallOptions, type SecondFactorOptions, type Transport, segment } from '../transport.ts';

const OPS = '/v1/ops';

/** What an operator asks across all tenants; for platform keys. */
export class Ops {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The backlog of each queue, the oldest due delivery, the brake, and how many endpoints are in trouble. */
  overview(options?: CallOptions): Promise<OpsOverview> {
    return this.#transport.send({ method: 'GET', path: `${OPS}/overview` }, options);
  }

  /** Those that fail, are paused, or hold deliveries. */
  endpoints(query?: ListOpsEndpointsQuery, options?: CallOptions): List<OpsEndpoint> {
    return new List(this.#transport, `${OPS}/endpoints`, query, options);
  }

  /** What each tenant used in some days. */
  usage(query?: ListOpsUsageQuery, options?: CallOptions): List<OpsTenantUsage> {
    return new List(this.#transport, `${OPS}/usage`, query, options);
  }

  /** Unfinished ones, newest first. */
  jobs(query?: ListOpsJobsQuery, options?: CallOptions): List<OpsJob> {
    return new List(this.#transport, `${OPS}/jobs`, query, options);
  }

  settings(options?: CallOptions): Promise<OpsSettings> {
    return this.#transport.send({ method: 'GET', path: `${OPS}/settings` }, options);
  }

  /** Moves dead letters back: exhausted deliveries are retried now, poison goes where it came from. */
  redrive(queue: DeadLetterQueue, how: Redrive = {}, options?: SecondFactorOptions): Promise<Redriven> {
    const path = `${OPS}/dead-letters/${segment(queue)}/redrive`;
    return this.#transport.send({ method: 'POST', path, body: how }, options);
  }
}
