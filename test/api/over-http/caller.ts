import { keyHeaderOf } from '../../../lib/api/facades/key-headers.ts';
import type { Target } from './target.ts';
import { codeAt } from './totp.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads what it expects
type Json = any;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Whoever has a key. */
export class Caller {
  readonly key: string;
  /** Of the key; empty for one that is not there. */
  readonly keyId: string;
  readonly #target: Target;

  constructor(target: Target, key: string, keyId = '') {
    this.#target = target;
    this.key = key;
    this.keyId = keyId;
  }

  async send({ method, path, body, headers = {} }: Request): Promise<Answer> {
    const response = await fetch(this.#target.url + path, {
      method,
      headers: {
        ...keyIn(path, this.key),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
  }

  /** A call that must succeed. */
  async make(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Json> {
    const { status, text } = await this.send({ method, path, body, headers });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Enrols and confirms a second factor for the key's owner. @returns its recovery codes and its secret */
  async enrol(): Promise<{ codes: string[]; secret: string }> {
    const { secret } = await this.make('POST', '/v1/mfa/enrol');
    const confirmed = await this.make('POST', '/v1/mfa/confirm', { code: codeAt(secret, this.#target.now()) });
    return { codes: confirmed.recovery_codes, secret };
  }
}

/** The header with a key that a path wants. */
export function keyIn(path: string, key: string): Record<string, string> {
  const header = keyHeaderOf(path.split('?')[0] ?? '');
  return header === undefined ? { authorization: `Bearer ${key}` } : { [header]: key };
}

let tenants = 0;

/** A key of a new tenant. @param scopes default all */
export async function newTenant(target: Target, scopes?: readonly string[], tenant?: string): Promise<Caller> {
  tenants += 1;
  const platform = new Caller(target, target.apiKey);
  const body = { name: 'test', ...(scopes && { scopes }) };
  const headers = { 'postrider-tenant': tenant ?? `tenant-${tenants}` };
  const { secret, id } = await platform.make('POST', '/v1/api-keys', body, headers);
  return new Caller(target, secret, id);
}

/** A platform key. */
export async function newPlatformKey(target: Target, scopes?: readonly string[], headers = {}): Promise<Caller> {
  const body = { name: 'test', ...(scopes && { scopes }) };
  const made = await new Caller(target, target.apiKey).make('POST', '/v1/api-keys?platform=true', body, headers);
  return new Caller(target, made.secret, made.id);
}

/** Whoever has opened a session that a key has made. */
export async function openSession(maker: Caller, target: Target, body: object, query = ''): Promise<Caller> {
  const { id, code } = await maker.make('POST', `/v1/portal/sessions${query}`, body);
  const { token } = await new Caller(target, code).make('POST', '/v1/portal/sessions/exchange');
  return new Caller(target, token, id);
}
