import { readAnswer, readProblem } from './answers.ts';
import { ConnectionError, PostriderError, TimeoutError, isApiError } from './errors.ts';
import { type Repeat, delayBefore, pause } from './retries.ts';

export interface PostriderOptions {
  /** `prk_…`, of a tenant or of the platform; or the token of a session, `prs_…`. */
  apiKey: string;
  /** Where the service is: `https://postrider.example.com`. */
  baseUrl: string;
  /** Whose data calls are about; for platform keys only. The default is the service's: `default`. */
  tenant?: string;
  /** How long one request may take, in milliseconds. The default is 30 seconds. */
  timeout?: number;
  /** How often a call is made again after a failure that may pass. The default is 3. */
  retries?: number;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

/** What any call can be given. */
export interface CallOptions {
  /** Ends the call, with the signal's reason as its error. */
  signal?: AbortSignal | undefined;
  /** Instead of the client's: for each request, in milliseconds. */
  timeout?: number | undefined;
  /** Instead of the client's. */
  retries?: number | undefined;
  /** Names the call in the service's log: 1 to 128 letters, digits and `._:/+=@-`. */
  requestId?: string | undefined;
}

/** Of calls that make something. */
export interface KeyedOptions extends CallOptions {
  /**
   * The same key within 24 hours is the same call: give the key of what happened (`order-4711-paid`), so that a process
   * that died can post it again. The default is a new key for each call, under which it is retried. `null`: none; then
   * it is not retried when it is not known whether it was carried out.
   */
  idempotencyKey?: string | null | undefined;
}

/** Of calls that change an endpoint. */
export interface ChangeOptions extends CallOptions {
  /** The `etag` of the endpoint as you read it (see `headersOf`): a change in between is an error, `precondition-failed`. */
  ifMatch?: string | undefined;
}

/** Of calls that ask for a second factor, where there is one. */
export interface SecondFactorOptions extends CallOptions {
  /** A code of the second factor, or a recovery code. Each is good once. */
  mfaCode?: string | undefined;
}

/** What a call of any kind can be given; each takes what is of its kind. */
export type AnyOptions = KeyedOptions & ChangeOptions & SecondFactorOptions;

/** A request, and when it may be made again. */
export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With its ids encoded: `/v1/events/evt_…`. */
  path: string;
  query?: object | undefined;
  /** A text is sent as it is: it is JSON already. */
  body?: unknown;
  /** A POST that is made under one idempotency key, however often it is repeated. */
  keyed?: true;
  /** A POST that does nothing the second time. */
  idempotent?: true;
  /** A DELETE after which there is nothing: not finding it the second time is what was asked for. */
  ends?: true;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 3;
/** A test keeps it that of the package. */
export const VERSION = '0.1.0';

/** Makes the calls of a client: one place for authorization, retries, time limits and errors. */
export class Transport {
  readonly #options: PostriderOptions;
  readonly #baseUrl: string;

  constructor(options: PostriderOptions) {
    if (!/^[\x21-\x7e]+$/.test(options.apiKey ?? '')) throw new TypeError('`apiKey` must be the text of an API key.');
    if (!/^https?:\/\//.test(options.baseUrl ?? '')) {
      throw new TypeError('`baseUrl` must be the address of the service, such as https://postrider.example.com.');
    }
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/(\/v1)?\/*$/, '');
  }

  /** The same options for another tenant. */
  optionsFor(tenant: string): PostriderOptions {
    return { ...this.#options, tenant };
  }

  /**
   * Makes a call, again where that is safe and may help.
   * @throws PostriderError, or the reason of the signal
   */
  async send<T>(call: Call, options: AnyOptions = {}): Promise<T> {
    const request = this.#requestOf(call, options);
    const retries = this.retriesOf(options);
    const repeat = repeatOf(call, options);
    let wasUnclear = false;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#attempt<T>(request, options);
      if (!(answer instanceof PostriderError)) return answer;
      if (call.ends && wasUnclear && isApiError(answer, 'not-found')) return undefined as T;
      const delay = attempt < retries ? delayBefore(attempt, answer, repeat, Math.random()) : undefined;
      if (delay === undefined) throw answer;
      wasUnclear ||= !isApiError(answer) || answer.status >= 500;
      await pause(delay, options.signal);
    }
  }

  /** How often a call is made again. */
  retriesOf({ retries }: CallOptions): number {
    return retries ?? this.#options.retries ?? DEFAULT_RETRIES;
  }

  #requestOf({ method, path, query = {}, body, keyed }: Call, options: AnyOptions): [string, RequestInit] {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(
      given.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const headers: Record<string, string | undefined> = {
      authorization: `Bearer ${this.#options.apiKey}`,
      'user-agent': `postrider-sdk/${VERSION}`,
      'content-type': body === undefined ? undefined : 'application/json',
      'idempotency-key': keyed ? keyOf(options) : undefined,
      'postrider-tenant': this.#options.tenant === undefined ? undefined : tenantHeader(this.#options.tenant),
      'postrider-mfa': options.mfaCode,
      'if-match': options.ifMatch,
      'x-request-id': options.requestId,
    };
    return [
      `${this.#baseUrl}${path}${search && `?${search}`}`,
      {
        method,
        headers: Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined),
        // The key is for this service: no answer may send it elsewhere.
        redirect: 'manual',
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    ];
  }

  /** One request. What went wrong is a value, but for the caller's own abort. */
  async #attempt<T>([url, init]: [string, RequestInit], { signal, timeout }: CallOptions): Promise<T | PostriderError> {
    const ms = timeout ?? this.#options.timeout ?? DEFAULT_TIMEOUT_MS;
    const limit = AbortSignal.timeout(ms);
    signal?.throwIfAborted();
    try {
      const send = this.#options.fetch ?? fetch;
      const response = await send(url, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit });
      return (await (response.ok ? readAnswer(response) : readProblem(response))) as T | PostriderError;
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof PostriderError) return cause;
      const { origin } = new URL(url);
      if (limit.aborted) return new TimeoutError(`No answer from ${origin} within ${ms} ms.`, { cause });
      return new ConnectionError(`No answer from ${origin}: ${reasonOf(cause)}.`, { cause });
    }
  }
}

/** A call for one state of an endpoint, or with a code that is good once, is refused the second time. */
function repeatOf({ method, keyed, idempotent }: Call, options: AnyOptions): Repeat {
  const isGoodOnce = options.ifMatch !== undefined || options.mfaCode !== undefined;
  const hasKey = keyed && options.idempotencyKey !== null;
  return !isGoodOnce && (hasKey || idempotent || method !== 'POST') ? 'always' : 'never';
}

function keyOf({ idempotencyKey }: KeyedOptions): string | undefined {
  return idempotencyKey === null ? undefined : (idempotencyKey ?? crypto.randomUUID());
}

/** The innermost cause says what happened; `fetch` itself says only that it failed. */
function reasonOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.message || at.name : String(at);
}

/** `%`, spaces and what is not ASCII are percent-encoded: a header has no room for them. */
function tenantHeader(tenant: string): string {
  return tenant.replaceAll(/[^\x21-\x24\x26-\x7e]/gu, encodeURIComponent);
}

/** A part of a path. @throws TypeError for a text that would name something else */
export function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw new TypeError(`${JSON.stringify(text)} can't be an id.`);
  return encodeURIComponent(text);
}
