import type {
  ApiKey,
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyRotate,
  AuditLine,
  ListApiKeysQuery,
  ListAuditLogQuery,
  Mfa,
  MfaEnrolment,
  RecoveryCodes,
  StepUp,
} from '../api-types.ts';
import { List } from '../list.ts';
import { type CallOptions, type SecondFactorOptions, type Transport, segment } from '../transport.ts';
import type { OfPlatformOptions } from './event-types.ts';

const KEYS = '/v1/api-keys';
const MFA = '/v1/mfa';

/** Who may call the API. */
export class ApiKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Only this answer shows the key. It is not retried after an unclear failure. */
  create(
    key: ApiKeyCreate,
    { platform, ...options }: OfPlatformOptions & SecondFactorOptions = {},
  ): Promise<ApiKeyCreated> {
    return this.#transport.send({ method: 'POST', path: KEYS, query: { platform }, body: key }, options);
  }

  /** Oldest first; those that ended within 400 days among them. */
  list(query?: ListApiKeysQuery, options?: CallOptions): List<ApiKey> {
    return new List(this.#transport, KEYS, query, options);
  }

  get(id: string, { platform, ...options }: OfPlatformOptions = {}): Promise<ApiKey> {
    return this.#transport.send({ method: 'GET', path: `${KEYS}/${segment(id)}`, query: { platform } }, options);
  }

  /** A key of the same name and scopes; the old one stays good for the overlap. Only this answer shows it. */
  rotate(
    id: string,
    rotation: ApiKeyRotate = {},
    { platform, ...options }: OfPlatformOptions & SecondFactorOptions = {},
  ): Promise<ApiKeyCreated> {
    const path = `${KEYS}/${segment(id)}/rotate`;
    return this.#transport.send({ method: 'POST', path, query: { platform }, body: rotation }, options);
  }

  /** Ends it: within ten seconds on AWS, at once elsewhere. */
  revoke(id: string, { platform, ...options }: OfPlatformOptions & SecondFactorOptions = {}): Promise<ApiKey> {
    const path = `${KEYS}/${segment(id)}/revoke`;
    return this.#transport.send({ method: 'POST', path, query: { platform }, idempotent: true }, options);
  }
}

/** The second factor of the key's owner. */
export class SecondFactor {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options?: CallOptions): Promise<Mfa> {
    return this.#transport.send({ method: 'GET', path: MFA }, options);
  }

  /** Makes one for an authenticator app. It counts once a code has confirmed it. */
  enrol(options?: CallOptions): Promise<MfaEnrolment> {
    return this.#transport.send({ method: 'POST', path: `${MFA}/enrol` }, options);
  }

  /** Switches it on, by its first code. Only this answer shows the recovery codes. */
  confirm(code: string, options?: CallOptions): Promise<RecoveryCodes> {
    return this.#transport.send({ method: 'POST', path: `${MFA}/confirm`, body: { code } }, options);
  }

  /** Lets this key make sensitive calls without a code for ten minutes. */
  stepUp(code: string, options?: CallOptions): Promise<StepUp> {
    return this.#transport.send({ method: 'POST', path: `${MFA}/step-up`, body: { code } }, options);
  }

  /** Only this answer shows the new ones. */
  replaceRecoveryCodes(options?: SecondFactorOptions): Promise<RecoveryCodes> {
    return this.#transport.send({ method: 'POST', path: `${MFA}/recovery-codes` }, options);
  }

  disable(options?: SecondFactorOptions): Promise<Mfa> {
    return this.#transport.send({ method: 'POST', path: `${MFA}/disable` }, options);
  }
}

/** Who changed what, or was refused a sensitive call. */
export class AuditLog {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first, for 400 days. */
  list(query?: ListAuditLogQuery, options?: CallOptions): List<AuditLine> {
    return new List(this.#transport, '/v1/audit-log', query, options);
  }
}
