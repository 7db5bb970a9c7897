import { type PortalSession, hasSessionEnded } from '../../../domain/portal-session.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { PortalSessionJson } from './schemas.ts';

/** @param now milliseconds since the Unix epoch */
export function portalSessionJson(session: PortalSession, now: number): PortalSessionJson {
  const { id, tenantId, user, access, screens, scopes, theme, createdBy } = session;
  const { name = null, logo = null, accent = null, radius = null, font = null, mode = null } = theme ?? {};
  return {
    id,
    tenant_id: tenantId ?? null,
    user,
    access,
    screens: [...screens],
    scopes: [...scopes],
    theme: { name, logo, accent, radius, font, mode },
    status: statusOf(session, now),
    created_by: createdBy,
    created_at: asTimestamp(session.createdAt),
    opened_at: asTimestampOrNull(session.openedAt),
    expires_at: asTimestamp(session.endsAt),
    revoked_at: asTimestampOrNull(session.revokedAt),
  };
}

function statusOf(session: PortalSession, now: number): PortalSessionJson['status'] {
  if (session.revokedAt !== undefined) return 'revoked';
  if (hasSessionEnded(session, now)) return 'expired';
  return session.openedAt === undefined ? 'unopened' : 'live';
}
