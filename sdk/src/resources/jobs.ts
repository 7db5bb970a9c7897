import type { Job } from '../api-types.ts';
import { TimeoutError } from '../errors.ts';
import { pause } from '../retries.ts';
import { type CallOptions, type Transport, segment } from '../transport.ts';

const PATH = '/v1/jobs';
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;

export interface WaitOptions extends CallOptions {
  /** How long to wait for the end, in milliseconds. Without it: as long as it takes. */
  within?: number;
}

/** Bulk work in the background. */
export class Jobs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: string, options?: CallOptions): Promise<Job> {
    return this.#transport.send({ method: 'GET', path: `${PATH}/${segment(id)}` }, options);
  }

  /** Stops a bulk retry or a replay after the page that is under way. */
  cancel(id: string, options?: CallOptions): Promise<Job> {
    return this.#transport.send({ method: 'POST', path: `${PATH}/${segment(id)}/cancel` }, options);
  }

  /**
   * Asks until the job has ended, at growing intervals of up to 5 s.
   * @returns the job, `done` or `cancelled`
   * @throws TimeoutError when it is still running after `within`; it goes on
   */
  async wait(id: string, { within = Infinity, ...options }: WaitOptions = {}): Promise<Job> {
    const end = Date.now() + within;
    for (let ms = FIRST_WAIT_MS; ; ms = Math.min(ms * 1.5, LONGEST_WAIT_MS)) {
      const job = await this.get(id, options);
      if (job.status !== 'running') return job;
      if (Date.now() + ms > end) throw new TimeoutError(`The job ${id} is still running after ${within} ms.`);
      await pause(ms, options.signal);
    }
  }
}
