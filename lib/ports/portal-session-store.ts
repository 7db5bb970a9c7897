import type { PortalSession } from '../domain/portal-session.ts';

/** Whose sessions: a tenant's, or the platform's own. */
export type SessionOwner = string | undefined;

/** What makes a session live. Times are milliseconds since the Unix epoch. */
export interface SessionOpening {
  tokenHash: string;
  /** Now. */
  at: number;
  endsAt: number;
}

/** People's sessions in the console. One that has ended is found for a day more. */
export interface PortalSessionStore {
  create(session: PortalSession): Promise<void>;
  /** Consistent. By the hash of its code, or of its token. */
  find(hash: string): Promise<PortalSession | undefined>;
  /** Consistent. */
  get(owner: SessionOwner, id: string): Promise<PortalSession | undefined>;
  /** Consistent, newest first; `before` is a session's id. Fewer than `limit` are the last page. */
  page(owner: SessionOwner, before: string | undefined, limit: number): Promise<PortalSession[]>;
  /** Consistent. How many there are from an id on, `atMost` of them counted. */
  countFrom(owner: SessionOwner, id: string, atMost: number): Promise<number>;
  /** Of any number of calls, one opens it. Undefined: it is unknown, was opened before, or has ended. */
  openOnce(owner: SessionOwner, id: string, opening: SessionOpening): Promise<PortalSession | undefined>;
  /** Moves its end. Undefined: it is unknown, was never opened, or has ended at `now`. */
  extendIfLive(owner: SessionOwner, id: string, endsAt: number, now: number): Promise<PortalSession | undefined>;
  /** It ends at `at`, or earlier where it has ended earlier; the first revocation stays. Undefined for an unknown id. */
  revoke(owner: SessionOwner, id: string, at: number): Promise<PortalSession | undefined>;
}
