import type { Access, Screen } from '../../domain/portal-session.ts';
import { type RouteScope, SCOPES, type Scope, TENANT_SCOPES } from './scopes.ts';

interface Allowed {
  read: readonly Scope[];
  /** Besides those of `read`. */
  manage: readonly Scope[];
}

const READS: readonly Scope[] = ['endpoints:read', 'event-types:read', 'events:read', 'deliveries:read', 'jobs:read'];
/** An endpoint's form needs the catalogue, its history the events: these screens are one thing to their user. */
const MAIN: Allowed = { read: READS, manage: ['endpoints:write', 'deliveries:write'] };
/** What an operator's session shows is the whole deployment, whatever the screen. */
const OPERATOR: Allowed = { read: [], manage: [] };

const OF_SCREEN: Readonly<Record<Screen, Allowed>> = {
  endpoints: MAIN,
  history: MAIN,
  events: MAIN,
  alerts: MAIN,
  catalogue: { read: ['event-types:read', 'endpoints:read'], manage: [] },
  'second-factor': { read: ['mfa:use'], manage: ['mfa:write'] },
  'api-keys': { read: ['keys:read'], manage: ['keys:write'] },
  audit: { read: ['audit:read'], manage: [] },
  overview: OPERATOR,
  tenants: OPERATOR,
  troubled: OPERATOR,
  'dead-letters': OPERATOR,
  jobs: OPERATOR,
  sessions: OPERATOR,
  settings: OPERATOR,
};

/** Of every session: itself, and the codes of sensitive calls. */
const ALWAYS: readonly RouteScope[] = ['portal:use', 'mfa:use'];

interface Session {
  isPlatform: boolean;
  access: Access;
  screens: readonly Screen[];
}

/**
 * What a session may do: what its screens need, and for an operator's session everything that its access allows.
 * @param granted the scopes of whoever makes it, who gives nobody more
 */
export function sessionScopes({ isPlatform, access, screens }: Session, granted: readonly string[]): string[] {
  const wanted = new Set<string>(isPlatform ? platformScopes(access) : tenantScopes(access, screens));
  const given = [...SCOPES, ...ALWAYS].filter((scope) => ALWAYS.includes(scope) || granted.includes(scope));
  return [...new Set(given.filter((scope) => wanted.has(scope) || ALWAYS.includes(scope)))];
}

function platformScopes(access: Access): readonly Scope[] {
  return access === 'manage' ? SCOPES : SCOPES.filter((scope) => scope.endsWith(':read'));
}

function tenantScopes(access: Access, screens: readonly Screen[]): Scope[] {
  const wanted = screens.flatMap((screen) => {
    const { read, manage } = OF_SCREEN[screen];
    return access === 'manage' ? [...read, ...manage] : read;
  });
  return wanted.filter((scope) => TENANT_SCOPES.includes(scope));
}
