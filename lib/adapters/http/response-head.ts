import { SendFailure } from './send-failure.ts';

/** How the end of a body is told (RFC 9112, 6.3). */
export type Framing = { kind: 'length'; bytes: number } | { kind: 'chunked' } | { kind: 'until-end' };

/** What a status line and its headers say that matters to a sender of webhooks. */
export interface ResponseHead {
  statusCode: number;
  /** The value of `Retry-After`, as received. */
  retryAfter: string | undefined;
  framing: Framing;
  /** The connection may carry another exchange. */
  keepsAlive: boolean;
  /** How long it may be idle before, in milliseconds, when the server says so (`Keep-Alive: timeout`). */
  idleMs: number | undefined;
}

const STATUS_LINE = /^HTTP\/(0\.9|1\.0|1\.1|2\.0) (\d{3})(?: .*)?$/;
/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What no header may contain (RFC 9110, 5.5). */
const NOT_IN_VALUES = /[^\t\x20-\x7e\x80-\xff]/;
/** A server closes an idle connection this much earlier than it says, at worst. Milliseconds. */
const TIMEOUT_MARGIN_MS = 1000;

/** Reads the lines of one head, as strictly as Node's own parser does. */
export class HeadReader {
  readonly statusCode: number;
  readonly #isPersistent: boolean;
  #length: number | undefined;
  #coding: string | undefined;
  #connection = '';
  #keepAlive = '';
  #retryAfter: string | undefined;

  /** @throws SendFailure */
  constructor(statusLine: string) {
    const [, version, status] = STATUS_LINE.exec(statusLine) ?? [];
    if (status === undefined) throw invalidResponse();
    this.statusCode = Number(status);
    this.#isPersistent = version === '1.1';
  }

  /**
   * @param line a header, without its line end
   * @throws SendFailure
   */
  take(line: string): void {
    const [name, value] = headerOf(line);
    switch (name) {
      case 'content-length':
        if (this.#length !== undefined) throw invalidResponse();
        this.#length = lengthOf(value);
        break;
      case 'transfer-encoding':
        if (value === '') throw invalidResponse();
        this.#coding = value;
        break;
      case 'connection':
        this.#connection += `,${value.toLowerCase()}`;
        break;
      case 'keep-alive':
        this.#keepAlive = value;
        break;
      case 'retry-after':
        this.#retryAfter ??= value;
    }
  }

  /** @throws SendFailure */
  end(): ResponseHead {
    const { statusCode } = this;
    // Two ways to tell the end of a body can be read in two ways (RFC 9112, 6.3).
    if (this.#length !== undefined && this.#coding !== undefined) throw invalidResponse();
    const framing = this.#framing();
    const seconds = /(?:^|[ ,])timeout=(\d{1,9})/i.exec(this.#keepAlive)?.[1];
    const idleMs = seconds === undefined ? undefined : Math.max(Number(seconds) * 1000 - TIMEOUT_MARGIN_MS, 0);
    return { statusCode, retryAfter: this.#retryAfter, framing, keepsAlive: this.#keepsAlive(framing), idleMs };
  }

  #framing(): Framing {
    if (hasNoBody(this.statusCode)) return { kind: 'length', bytes: 0 };
    if (this.#coding !== undefined)
      return { kind: /(?:^|,)[ \t]*chunked$/i.test(this.#coding) ? 'chunked' : 'until-end' };
    return this.#length === undefined ? { kind: 'until-end' } : { kind: 'length', bytes: this.#length };
  }

  #keepsAlive(framing: Framing): boolean {
    if (framing.kind === 'until-end') return false;
    // A body that must not be there may come all the same, and would be taken for the next response.
    if (hasNoBody(this.statusCode) && (this.#coding !== undefined || this.#length)) return false;
    const options = new Set(this.#connection.split(',').map((option) => option.trim()));
    return this.#isPersistent ? !options.has('close') : options.has('keep-alive');
  }
}

/** RFC 9112, 6.3. */
function hasNoBody(statusCode: number): boolean {
  return statusCode === 204 || statusCode === 304 || isInterim(statusCode);
}

/** RFC 9110, 15.2. */
export function isInterim(statusCode: number): boolean {
  return statusCode >= 100 && statusCode < 200;
}

/**
 * @returns the name in lower case, and the value without the blanks around it
 * @throws SendFailure
 */
export function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!TOKEN.test(name) || NOT_IN_VALUES.test(line)) throw invalidResponse();
  return [name.toLowerCase(), withoutBlanks(line, colon + 1)];
}

/** A pattern for it would take time that grows with the square of the blanks. */
function withoutBlanks(line: string, from: number): string {
  let [start, end] = [from, line.length];
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function lengthOf(value: string): number {
  const length = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(length)) throw invalidResponse();
  return length;
}

export function invalidResponse(what = 'the response is not valid HTTP'): SendFailure {
  return new SendFailure('invalid_response', what);
}
