import { DAY, HOUR, MINUTE } from './durations.ts';

// A person's session in the console: what it shows, what it may do, and how long it lasts.

/** What a tenant's session can show, in the order in which it does unless it is told otherwise. */
export const TENANT_SCREENS = [
  'endpoints',
  'history',
  'events',
  'catalogue',
  'alerts',
  'second-factor',
  'api-keys',
  'audit',
] as const;

/** What only an operator's session can show. */
export const PLATFORM_SCREENS = [
  'overview',
  'tenants',
  'troubled',
  'dead-letters',
  'jobs',
  'sessions',
  'settings',
] as const;

export const SCREENS = [...PLATFORM_SCREENS, ...TENANT_SCREENS] as const;
export type Screen = (typeof SCREENS)[number];

export const ACCESSES = ['read', 'manage'] as const;
export type Access = (typeof ACCESSES)[number];

/** How a platform's own look is put on the console. */
export interface PortalTheme {
  /** Of the platform's product. */
  name?: string | undefined;
  /** A data URL: a page of the console asks no other host for anything. */
  logo?: string | undefined;
  /** `#rrggbb`. */
  accent?: string | undefined;
  /** Pixels. */
  radius?: number | undefined;
  /** A list of families, as CSS writes it. */
  font?: string | undefined;
  /** Absent: as the reader's system has it. */
  mode?: 'light' | 'dark' | undefined;
}

/** Times are milliseconds since the Unix epoch. */
export interface PortalSession {
  /** `ses_` and a ULID. */
  id: string;
  /** Whose session it is; absent: the platform's own, an operator's. */
  tenantId?: string;
  /** Who uses it, as the platform names people. */
  user: string;
  access: Access;
  screens: readonly Screen[];
  scopes: readonly string[];
  theme?: PortalTheme;
  /** The key, or the session, that made it. */
  createdBy: string;
  /** Hash of the API key that it goes back to, also by way of another session: it ends with that key. */
  keyHash?: string;
  createdAt: number;
  /** Lower-case hex SHA-256 of its one-use code. */
  codeHash: string;
  /** When its code was exchanged; absent before. */
  openedAt?: number;
  /** Lower-case hex SHA-256 of its token; absent before it is opened. */
  tokenHash?: string;
  /** Before it is opened: the end of its code. */
  endsAt: number;
  revokedAt?: number;
}

export const SESSION_TIMES = {
  /** From its making to the end of its code: it is in a page that is being loaded. */
  code: MINUTE,
  /** The same for a code that is printed on the terminal of whoever started the service. */
  printedCode: 10 * MINUTE,
  /** From its opening, or its last extension, to its end. */
  session: HOUR,
  /** From its opening to its end at the latest. */
  longest: 12 * HOUR,
  /** For how long it is found after its end. */
  kept: DAY,
} as const;

/** Links of one owner in a minute, at most: each is an item that is kept for a day after its end. */
export const MOST_LINKS_A_MINUTE = 100;

export function hasSessionEnded({ endsAt }: PortalSession, now: number): boolean {
  return endsAt <= now;
}

/** When a session ends that is opened, or extended, now. */
export function endOfSession(openedAt: number, now: number): number {
  return Math.min(now + SESSION_TIMES.session, openedAt + SESSION_TIMES.longest);
}
