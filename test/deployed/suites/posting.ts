import { Api, type Json } from '../../e2e/api.ts';
import type { RunningBackend } from '../../e2e/backend.ts';

const POSTERS = 3;
const PAUSE_MS = 100;
const PAGE = 100;
const RETRY_SECONDS = 3;

/** A client that posts event after event until it is told to end, and sends again what got no 202. */
export class Posting {
  /** Ids of the events that got their 202. */
  readonly accepted: string[] = [];
  readonly tenant: string;
  readonly #api: Api;
  readonly #posters: Promise<void>[];
  #isEnding = false;
  #isStopped = false;
  #posted = 0;

  private constructor(api: Api, tenant: string) {
    this.#api = api;
    this.tenant = tenant;
    this.#posters = Array.from({ length: POSTERS }, () => this.#post(tenant));
  }

  /** With one endpoint, whose failed deliveries are tried again after some seconds. */
  static async start(
    backend: Pick<RunningBackend, 'apiKey'> & { apiUrl: string },
    tenant: string,
    url: string,
  ): Promise<Posting> {
    const api = new Api({ url: backend.apiUrl, apiKey: backend.apiKey }, tenant);
    const retry = { delays: Array.from({ length: 5 }, () => RETRY_SECONDS) };
    // Each first attempt fails. The breaker would pause the endpoint for that, and a job would look after what was held for
    // a second time ten minutes after its release: a message in a queue that has to be empty.
    await api.endpoint({ url, retry, circuit_breaker: false });
    return new Posting(api, tenant);
  }

  /** Posts no more; resolves once every event that was begun has its 202. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#posters);
  }

  /** Posts no more, and gives up what has no 202 yet. */
  stop(): void {
    this.#isEnding = true;
    this.#isStopped = true;
  }

  /** Ids of the deliveries that failed and wait for another attempt. */
  async retrying(): Promise<string[]> {
    return (await this.#list('retrying')).map(({ id }) => id);
  }

  /** Of the accepted events, those whose delivery is not `delivered`: all of them while the API can't say. */
  countUndelivered(): Promise<number> {
    return this.#undelivered().catch(() => this.accepted.length);
  }

  async #undelivered(): Promise<number> {
    const delivered = new Set((await this.#list('delivered')).map(({ event_id: id }) => id));
    return this.accepted.filter((id) => !delivered.has(id)).length;
  }

  async #list(status: string): Promise<Json[]> {
    const found: Json[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Json = await this.#api.get(`/v1/deliveries?status=${status}&limit=${PAGE}${query}`);
      found.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  }

  async #post(tenant: string): Promise<void> {
    while (!this.#isEnding) {
      const key = `${tenant}-${(this.#posted += 1)}`;
      while (!this.#isStopped) {
        const event = { type: 'task.completed', data: { key } };
        const answer = await this.#api
          .call('POST', '/v1/events', event, { 'idempotency-key': key })
          .catch(() => undefined);
        if (answer?.status === 202) {
          this.accepted.push(answer.body.id);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
