import { randomUUID } from 'node:crypto';
import type { RunningBackend } from './backend.ts';

export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

/** A caller of the HTTP API. */
export class Api {
  readonly #backend: Pick<RunningBackend, 'url' | 'apiKey'>;
  readonly #tenant: string | undefined;

  /** @param tenant as the header has it; absent: for the calls of a platform that are about no tenant */
  constructor(backend: Pick<RunningBackend, 'url' | 'apiKey'>, tenant?: string) {
    this.#backend = backend;
    this.#tenant = tenant;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#backend.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#backend.apiKey}`,
        ...(this.#tenant !== undefined && { 'postrider-tenant': this.#tenant }),
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async get(path: string): Promise<Json> {
    return this.#expect(200, await inTime(() => this.call('GET', path)), path);
  }

  async endpoint(input: Record<string, unknown>): Promise<Json> {
    const headers = IS_LATE_AT_TIMES ? { 'idempotency-key': randomUUID() } : {};
    const create = () => this.call('POST', '/v1/endpoints', { events: ['*'], ...input }, headers);
    return this.#expect(201, await inTime(create), 'create endpoint');
  }

  async post(event: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Json> {
    const body = { type: 'task.completed', data: { n: 1 }, ...event };
    const post = () => this.call('POST', '/v1/events', body, headers);
    return this.#expect(202, await ('idempotency-key' in headers ? inTime(post) : post()), 'post event');
  }

  async change(id: string, call: string, body?: unknown): Promise<Json> {
    return this.#expect(200, await this.call('POST', `/v1/endpoints/${id}/${call}`, body), call);
  }

  /** The only delivery of an event to an endpoint, with its attempts. */
  async delivery(eventId: string, endpointId: string): Promise<Json> {
    const { data } = await this.get(`/v1/events/${eventId}/deliveries`);
    const found = data.find((one: Json) => one.endpoint_id === endpointId);
    return found && this.get(`/v1/deliveries/${found.id}`);
  }

  #expect(status: number, answer: Answer, what: string): Json {
    if (answer.status === status) return answer.body;
    throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

/** Longer where whatever a busy machine answers too late is tried again after a while (test/deployed/vitest.config.ts). */
const { POSTRIDER_TEST_PATIENCE_MS } = process.env;
const PATIENCE_MS = Number(POSTRIDER_TEST_PATIENCE_MS ?? 15_000);
const IS_LATE_AT_TIMES = POSTRIDER_TEST_PATIENCE_MS !== undefined;

/** A call that can be made again: where a function may be too late for its gateway, it is, as clients do. */
function inTime(call: () => Promise<Answer>): Promise<Answer> {
  return IS_LATE_AT_TIMES ? eventually(call, ({ status }) => status < 500) : call();
}

/** Asks again until the answer is the expected one; fails with the last answer. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isThere: (answer: T) => boolean,
  { ms = PATIENCE_MS, everyMs = 50 }: { ms?: number; everyMs?: number } = {},
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${ms} ms; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
