import type {
  ListPortalSessionsQuery,
  PortalSession,
  PortalSessionCreate,
  PortalSessionCreated,
  PortalSessionOpened,
  PortalUserRevoked,
} from '../api-types.ts';
import { List } from '../list.ts';
import { type CallOptions, type Transport, segment } from '../transport.ts';
import type { OfPlatformOptions } from './event-types.ts';

const SESSIONS = '/v1/portal/sessions';
const OWN = '/v1/portal/session';

/** People's sessions in the console. */
export class PortalSessions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a link that opens the console for one person, once and within a minute. */
  create(
    session: PortalSessionCreate,
    { platform, ...options }: OfPlatformOptions = {},
  ): Promise<PortalSessionCreated> {
    return this.#transport.send({ method: 'POST', path: SESSIONS, query: { platform }, body: session }, options);
  }

  /** Newest first; those that ended within a day among them. */
  list(query?: ListPortalSessionsQuery, options?: CallOptions): List<PortalSession> {
    return new List(this.#transport, SESSIONS, query, options);
  }

  get(id: string, { platform, ...options }: OfPlatformOptions = {}): Promise<PortalSession> {
    return this.#transport.send({ method: 'GET', path: `${SESSIONS}/${segment(id)}`, query: { platform } }, options);
  }

  /** Ends it: within ten seconds on AWS, at once elsewhere. */
  revoke(id: string, options?: OfPlatformOptions): Promise<PortalSession> {
    return this.#change(id, 'revoke', options);
  }

  /**
   * Ends all sessions of one person, and the links that were not opened yet.
   * @returns how many
   */
  async revokeOfUser(user: string, { platform, ...options }: OfPlatformOptions = {}): Promise<number> {
    const path = `${SESSIONS}/revoke-all`;
    let revoked = 0;
    let cursor: string | undefined;
    do {
      const query = { platform, cursor };
      const ended: PortalUserRevoked = await this.#transport.send(
        { method: 'POST', path, query, body: { user }, idempotent: true },
        options,
      );
      revoked += ended.revoked;
      cursor = ended.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return revoked;
  }

  /** It lasts an hour from now, and twelve hours from its opening at most. */
  extend(id: string, options?: OfPlatformOptions): Promise<PortalSession> {
    return this.#change(id, 'extend', options);
  }

  /** Of a client whose key is the code of a link: exchanges it for the session's token. Once, so it is not retried. */
  exchange(options?: CallOptions): Promise<PortalSessionOpened> {
    return this.#transport.send({ method: 'POST', path: `${SESSIONS}/exchange` }, options);
  }

  /** Of a client whose key is a session's token: that session. */
  current(options?: CallOptions): Promise<PortalSession> {
    return this.#transport.send({ method: 'GET', path: OWN }, options);
  }

  /** Of a client whose key is a session's token: ends that session. */
  end(options?: CallOptions): Promise<PortalSession> {
    return this.#transport.send({ method: 'POST', path: `${OWN}/end`, idempotent: true }, options);
  }

  #change(id: string, change: string, { platform, ...options }: OfPlatformOptions = {}): Promise<PortalSession> {
    const path = `${SESSIONS}/${segment(id)}/${change}`;
    return this.#transport.send({ method: 'POST', path, query: { platform }, idempotent: true }, options);
  }
}
