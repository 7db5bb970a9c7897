import type {
  DeliveryDetail,
  Endpoint,
  EndpointCreate,
  EndpointCreated,
  EndpointReplay,
  EndpointResume,
  EndpointRotated,
  EndpointTest,
  EndpointUpdate,
  EndpointUpdated,
  Job,
  ListEndpointsQuery,
  PublicKeys,
  SecretRotation,
  TestEndpointQuery,
} from '../api-types.ts';
import { List } from '../list.ts';
import {
  type CallOptions,
  type ChangeOptions,
  type KeyedOptions,
  type SecondFactorOptions,
  type Transport,
  segment,
} from '../transport.ts';

const PATH = '/v1/endpoints';

/** The URLs that a tenant registered. */
export class Endpoints {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Registers one. Only this answer, and that of a repeat with the same key, shows its signing secret. */
  create(endpoint: EndpointCreate, options?: KeyedOptions): Promise<EndpointCreated> {
    return this.#transport.send({ method: 'POST', path: PATH, body: endpoint, keyed: true }, options);
  }

  /** Throws what `create` would, and makes nothing. */
  validate(endpoint: EndpointCreate, options?: CallOptions): Promise<void> {
    return this.#transport.send(
      { method: 'POST', path: `${PATH}/validate`, body: endpoint, idempotent: true },
      options,
    );
  }

  /** The tenant's endpoints, oldest first. */
  list(query?: ListEndpointsQuery, options?: CallOptions): List<Endpoint> {
    return new List(this.#transport, PATH, query, options);
  }

  get(id: string, options?: CallOptions): Promise<Endpoint> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}` }, options);
  }

  /** Changes the fields that are given. */
  update(id: string, changes: EndpointUpdate, options?: ChangeOptions): Promise<EndpointUpdated> {
    return this.#transport.send({ method: 'PATCH', path: `${PATH}/${segment(id)}`, body: changes }, options);
  }

  /** Its secret is destroyed, waiting deliveries are abandoned. */
  delete(id: string, options?: ChangeOptions): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: `${PATH}/${segment(id)}`, ends: true }, options);
  }

  /** What comes for it is held. */
  pause(id: string, options?: ChangeOptions): Promise<Endpoint> {
    return this.#change(id, 'pause', undefined, options);
  }

  /** Resumes a paused one, and releases or discards what was held. */
  resume(id: string, how?: EndpointResume, options?: ChangeOptions): Promise<Endpoint> {
    return this.#change(id, 'resume', how, options);
  }

  /** Enables a disabled one. */
  enable(id: string, options?: ChangeOptions): Promise<Endpoint> {
    return this.#change(id, 'enable', undefined, options);
  }

  /** It gets no events, waiting deliveries are abandoned. */
  disable(id: string, options?: ChangeOptions): Promise<Endpoint> {
    return this.#change(id, 'disable', undefined, options);
  }

  /** Ends it for good: its secrets are destroyed, waiting deliveries are abandoned. */
  revoke(id: string, options?: ChangeOptions & SecondFactorOptions): Promise<Endpoint> {
    return this.#change(id, 'revoke', undefined, options);
  }

  /** Replaces a secret. Only this answer shows the new one. It is not retried after an unclear failure. */
  rotateSecret(id: string, rotation: SecretRotation = {}, options?: SecondFactorOptions): Promise<EndpointRotated> {
    const path = `${PATH}/${segment(id)}/rotate-secret`;
    return this.#transport.send({ method: 'POST', path, body: rotation }, options);
  }

  /** What verifies the asymmetric signatures of its requests. */
  publicKey(id: string, options?: CallOptions): Promise<PublicKeys> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}/public-key` }, options);
  }

  /**
   * Sends it a sample event.
   * @param options `wait: true`: the answer comes once the receiver has answered, after ten seconds at the latest
   */
  test(
    id: string,
    event: EndpointTest = {},
    { wait, ...options }: KeyedOptions & SecondFactorOptions & TestEndpointQuery = {},
  ): Promise<DeliveryDetail> {
    const path = `${PATH}/${segment(id)}/test`;
    return this.#transport.send({ method: 'POST', path, query: { wait }, body: event, keyed: true }, options);
  }

  /** Sends it the events of a time again, also those that it did not subscribe to then, by a job. */
  replay(id: string, range: EndpointReplay, options?: KeyedOptions & SecondFactorOptions): Promise<Job> {
    const path = `${PATH}/${segment(id)}/replay`;
    return this.#transport.send({ method: 'POST', path, body: range, keyed: true }, options);
  }

  #change(id: string, call: string, body: unknown, options: ChangeOptions | undefined): Promise<Endpoint> {
    const path = `${PATH}/${segment(id)}/${call}`;
    return this.#transport.send({ method: 'POST', path, body, idempotent: true }, options);
  }
}
