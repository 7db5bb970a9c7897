import { expect } from 'vitest';
import { createSecretBox } from '../../lib/adapters/key-file/secret-box.ts';
import { type SqliteStore, openSqliteStore } from '../../lib/adapters/sqlite/store.ts';
import { type ApiSettings, DEFAULT_API_SETTINGS } from '../../lib/api/api-settings.ts';
import { createApi } from '../../lib/api/api.ts';
import { hashApiKey } from '../../lib/api/auth/api-key.ts';
import { SCOPES, SESSION_SCOPES } from '../../lib/api/auth/scopes.ts';
import type { Problem } from '../../lib/api/http/problem-schema.ts';
import type { ApiRequest } from '../../lib/api/http/request-response.ts';
import { refusalsOf } from '../../lib/api/openapi/refusals.ts';
import type { Route } from '../../lib/api/route.ts';
import { type RouteId, routes } from '../../lib/api/routes.ts';
import type { Api } from '../../lib/api/serve-route.ts';
import { createIngest } from '../../lib/pipeline/ingest/ingest.ts';
import { DEFAULT_SETTINGS } from '../../lib/pipeline/settings.ts';
import type { ApiKey } from '../../lib/ports/api-key-store.ts';
import type { Log, LogFields } from '../../lib/ports/log.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { keyIn } from './over-http/caller.ts';
import { Outbox } from '../support/outbox.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export interface Line {
  level: 'info' | 'warn' | 'error';
  event: string;
  fields: LogFields | undefined;
  cause?: unknown;
}

export const PLATFORM_KEY = 'prk_platform';
export const ACME_KEY = 'prk_acme';
export const READER_KEY = 'prk_reader';

export interface Call {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** A string or bytes are sent as they are, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** null: none. */
  key?: string | null;
}

/** A row of the table of routes. */
export function routeOf(id: RouteId): Route {
  return routes.find((route) => route.id === id) as Route;
}

interface FixtureOptions {
  settings?: Partial<ApiSettings>;
  ports?: Partial<Ports>;
  /** Of the store; default in memory. */
  path?: string;
  /** Default: yes, into the outbox. */
  sendsMail?: boolean;
}

/** The API over an in-memory store, with three keys: a platform's, and two of the tenant `acme`. */
export class ApiFixture {
  readonly lines: Line[] = [];
  readonly clock = new VirtualClock();
  readonly outbox = new Outbox();
  readonly store: SqliteStore;
  readonly ports: Ports;
  readonly api: Api;

  constructor({ settings, ports, path = ':memory:', sendsMail = true }: FixtureOptions = {}) {
    const random = new SeededRandom(7);
    this.store = openSqliteStore({ path, clock: this.clock });
    this.ports = {
      ...this.store,
      clock: this.clock,
      random,
      log: this.#log(),
      secrets: createSecretBox(new Uint8Array(32), random),
      sender: { send: () => Promise.reject(new Error('The API sends nothing to customers.')) },
      ...(sendsMail && { mailer: this.outbox }),
      ...ports,
    };
    const apiSettings = { ...DEFAULT_API_SETTINGS, ...settings };
    const { eventTypePolicy } = apiSettings;
    const ingest = createIngest(this.ports, { ...DEFAULT_SETTINGS, eventTypePolicy });
    this.api = createApi({ ports: this.ports, ingest, settings: apiSettings });
  }

  static async open(options?: ConstructorParameters<typeof ApiFixture>[0]): Promise<ApiFixture> {
    const fixture = new ApiFixture(options);
    // A session's own too, so that its routes are reached by whatever calls all of them.
    await fixture.addKey(PLATFORM_KEY, { scopes: [...SCOPES, ...SESSION_SCOPES] });
    await fixture.addKey(ACME_KEY, { tenantId: 'acme' });
    await fixture.addKey(READER_KEY, { tenantId: 'acme', scopes: ['events:read'] });
    return fixture;
  }

  async addKey(secret: string, key: Partial<ApiKey>): Promise<void> {
    await this.store.apiKeys.put({
      id: `key_${secret}`,
      scopes: SCOPES,
      createdAt: 0,
      ...key,
      hash: hashApiKey(secret),
    });
  }

  close(): void {
    this.store.close();
  }

  async call(id: RouteId, { params = {}, query = {}, headers = {}, key = PLATFORM_KEY, body }: Call = {}) {
    const request: ApiRequest = {
      params,
      query,
      headers: {
        ...(key !== null && keyIn(routeOf(id).path, key)),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: typeof body === 'string' || body instanceof Uint8Array || body === undefined ? body : JSON.stringify(body),
    };
    return this.api.handle(routeOf(id), request);
  }

  /** A call that must succeed, with an answer that its schema describes completely. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads what it expects
  async succeed(id: RouteId, call?: Call): Promise<any> {
    const route = routeOf(id);
    const { status, body } = await this.call(id, call);
    expect(status, body).toBe(route.status);
    if (!route.response) return expect(body).toBeUndefined();
    const value: unknown = JSON.parse(body ?? '');
    expect(route.response.parse(value)).toEqual(value);
    return value;
  }

  /** A call that must be refused: a problem that says what to do, and one log line without a stack. */
  async refused(id: RouteId, call: Call = {}): Promise<Problem & { headers: Record<string, string> }> {
    this.lines.length = 0;
    // One id for all: equal refusals have equal answers.
    const named = { ...call, headers: { 'x-request-id': 'req-1', ...call.headers } };
    const { status, headers, body } = await this.call(id, named);
    expect(status, body).toBeGreaterThanOrEqual(400);
    expect(status, body).toBeLessThan(500);
    expect(headers['content-type']).toBe('application/problem+json');
    const problem = JSON.parse(body ?? '') as Problem;
    expect(problem).toMatchObject({ status, type: expect.stringMatching(/^\/problems\/[a-z0-9-]+$/) });
    expect(problem.detail).toMatch(/[.)]$/);
    const code = problem.type.replace('/problems/', '');
    // A path of another name has its own methods, and says so in place of this route.
    if (code !== 'wrong-method')
      expect(refusalsOf(routeOf(id)).get(status), `what the document lists of ${id} for ${status}`).toContain(code);
    const fields = { route: id, status, code, request_id: 'req-1' };
    expect(this.lines).toEqual([{ level: 'info', event: 'api.refused', fields }]);
    return { ...problem, headers };
  }

  #log(): Log {
    const { lines } = this;
    return {
      info: (event, fields) => void lines.push({ level: 'info', event, fields }),
      warn: (event, fields) => void lines.push({ level: 'warn', event, fields }),
      error: (event, cause, fields) => void lines.push({ level: 'error', event, fields, cause }),
    };
  }
}
