import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Api, type Json, eventually } from './api.ts';
import type { Backend, RunningBackend } from './backend.ts';
import { Receiver } from './receiver.ts';

/** A running backend for the tests of a suite; each test has a tenant and receivers of its own. */
export class Scene {
  readonly #backend: Backend;
  readonly #name: string;
  readonly #receivers: Receiver[] = [];
  #tenants = 0;
  #running: RunningBackend | undefined;
  #api: Api | undefined;
  tenant = '';

  /** Registers the hooks: call it in a `describe`. */
  constructor(backend: Backend, name: string) {
    this.#backend = backend;
    this.#name = name;
    beforeAll(async () => {
      this.#running = await this.#backend.start();
    });
    afterAll(() => this.running.stop());
    beforeEach(() => this.changeTenant());
    afterEach(async () => {
      await Promise.all(this.#receivers.splice(0).map((one) => one.stop()));
    });
  }

  /** From now on another tenant calls. */
  changeTenant(): void {
    this.#tenants += 1;
    this.tenant = `org_${this.#name}_${this.#backend.name}_${this.#tenants}`;
    this.#api = new Api(this.running, this.tenant);
  }

  get running(): RunningBackend {
    if (!this.#running) throw new Error('The backend is not running.');
    return this.#running;
  }

  get api(): Api {
    if (!this.#api) throw new Error('Only a test has a tenant.');
    return this.#api;
  }

  async receiver(answer?: (nth: number) => number): Promise<Receiver> {
    const started = await Receiver.start(answer, this.running.receiverPlace);
    this.#receivers.push(started);
    return started;
  }

  arrived(at: Receiver, eventId: string, times = 1) {
    return eventually(
      async () => at.of(eventId),
      (arrivals) => arrivals.length >= times,
    );
  }

  /** The only delivery of an event to an endpoint, when it has come to this status. */
  ended(eventId: string, endpointId: string, status: string): Promise<Json> {
    return eventually(
      () => this.api.delivery(eventId, endpointId),
      (delivery) => delivery?.status === status,
    );
  }
}
