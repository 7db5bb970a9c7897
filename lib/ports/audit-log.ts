import { DAY } from '../domain/durations.ts';

/** Whose log a line is in: a tenant's, or the platform's own. */
export type AuditOwner = string | undefined;

/** How a call ended. `refused`: the caller had to change something. `failed`: we did. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** What is known of a call only when it has ended. */
export interface AuditConclusion {
  outcome: AuditOutcome;
  /** The code of the problem, if there was one. */
  code?: string;
  /** The id of what it was about. */
  target?: string;
}

/** One call that changes something, or a refused one that could have. It never has what the call says: no secret gets here. */
export interface AuditLine extends Partial<AuditConclusion> {
  /** `aud_` and a ULID. */
  id: string;
  tenantId?: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** The id of the route. */
  action: string;
  /** Of a key, or of a session. */
  keyId: string;
  /** Of a session: who used it. */
  user?: string;
  /** Where the call came from: an IP address. */
  address?: string;
  requestId: string;
}

export interface AuditRange {
  /** Only lines before this one (its id). */
  before?: string;
  /** At or after, and before: milliseconds since the Unix epoch. */
  since: number;
  until?: number;
  limit: number;
}

/** What was changed, by whom. A line is written before its change; one that has no outcome may have happened or not. */
export interface AuditLog {
  write(line: AuditLine): Promise<void>;
  /** Adds what is known at the end. Does nothing when there is no such line. */
  conclude(line: Pick<AuditLine, 'tenantId' | 'id'>, conclusion: AuditConclusion): Promise<void>;
  /** Consistent. Newest first. */
  page(owner: AuditOwner, range: AuditRange): Promise<AuditLine[]>;
}

/** How long a line is kept. */
export const AUDIT_MS = 400 * DAY;
