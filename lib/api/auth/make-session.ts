import { newId } from '../../domain/ids.ts';
import {
  type Access,
  PLATFORM_SCREENS,
  type PortalSession,
  type PortalTheme,
  SESSION_TIMES,
  type Screen,
  TENANT_SCREENS,
  endOfSession,
} from '../../domain/portal-session.ts';
import { registerUnlessErased } from '../../pipeline/register-tenant.ts';
import type { SessionOwner } from '../../ports/portal-session-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { API_KEY_BYTES, hashApiKey, newApiKey } from './api-key.ts';
import { sessionScopes } from './session-scopes.ts';

type SessionPorts = Pick<Ports, 'sessions' | 'tenants' | 'clock' | 'random'>;

/** A key, or a session. */
export interface SessionMaker {
  id: string;
  scopes: readonly string[];
  /** Of the API key that it is, or goes back to; absent where none is known. */
  keyHash?: string | undefined;
}

/** Whose session it is, and what it is for. */
export interface SessionInput {
  /** Absent: an operator's. */
  tenantId?: string;
  user: string;
  access: Access;
  /** Absent: all of its kind. */
  screens?: readonly Screen[];
  theme?: PortalTheme;
  maker: SessionMaker;
  /** Milliseconds for which its code is good; default a minute. */
  codeMs?: number;
}

export interface MadeSession {
  session: PortalSession;
  /** `prc_…`: kept nowhere, good once. */
  code: string;
}

/** Makes a session that waits for its code; registers its tenant before. @throws RequestError `tenant-erased` */
export async function makeSession(ports: SessionPorts, input: SessionInput): Promise<MadeSession> {
  const { sessions, tenants, clock, random } = ports;
  const { tenantId, user, access, theme, maker, codeMs = SESSION_TIMES.code } = input;
  const isPlatform = tenantId === undefined;
  const screens = input.screens ?? (isPlatform ? [...PLATFORM_SCREENS, ...TENANT_SCREENS] : TENANT_SCREENS);
  const createdAt = clock.now();
  const code = newApiKey(random.bytes(API_KEY_BYTES), 'prc_');
  const session: PortalSession = {
    id: newId('ses', { now: () => createdAt, fraction: () => random.fraction() }),
    ...(tenantId !== undefined && { tenantId }),
    user,
    access,
    screens,
    scopes: sessionScopes({ isPlatform, access, screens }, maker.scopes),
    ...(theme && { theme }),
    createdBy: maker.id,
    ...(maker.keyHash !== undefined && { keyHash: maker.keyHash }),
    createdAt,
    codeHash: hashApiKey(code),
    endsAt: createdAt + codeMs,
  };
  if (tenantId !== undefined) await registerUnlessErased(tenants, { id: tenantId, registeredAt: createdAt });
  await sessions.create(session);
  return { session, code };
}

export interface OpenedSession {
  session: PortalSession;
  /** `prs_…`: kept nowhere, so this is the only time that it can be seen. */
  token: string;
}

/** Exchanges the code of a session for its token. Undefined: somebody was faster, or it has ended. */
export async function openSession(
  { sessions, clock, random }: Omit<SessionPorts, 'tenants'>,
  owner: SessionOwner,
  id: string,
): Promise<OpenedSession | undefined> {
  const token = newApiKey(random.bytes(API_KEY_BYTES), 'prs_');
  const at = clock.now();
  const opening = { tokenHash: hashApiKey(token), at, endsAt: endOfSession(at, at) };
  const session = await sessions.openOnce(owner, id, opening);
  return session && { session, token };
}

/** The link that opens a session: the fragment of an address is sent to no server, and stands in no log. */
export function linkOf(consoleUrl: string, code: string): string {
  return `${consoleUrl}#code=${code}`;
}
