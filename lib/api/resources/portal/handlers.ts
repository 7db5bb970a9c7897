import { RequestError, notFound } from '../../../domain/errors.ts';
import { PLATFORM_SCREENS, type Screen, endOfSession } from '../../../domain/portal-session.ts';
import type { SessionOwner } from '../../../ports/portal-session-store.ts';
import { linkOf, makeSession, openSession } from '../../auth/make-session.ts';
import { ownerOf } from '../../auth/owner.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import { listRange } from '../../http/list-range.ts';
import { asTimestamp } from '../../schemas/times.ts';
import { portalRoutes } from './routes.ts';
import { portalSessionJson } from './view.ts';

type UsedPorts = 'sessions' | 'tenants' | 'clock' | 'random';
type Context = HandlerContext<UsedPorts>;

export const portalHandlers: HandlersOf<typeof portalRoutes, 'account', UsedPorts> = {
  'portal.create': async ({ query, body }, { ports, caller, settings }) => {
    const owner = ownerOf(query, caller);
    const { user, access, screens, theme } = body;
    if (owner !== undefined) refuseScreensOfPlatform(screens);
    const { session, code } = await makeSession(ports, {
      user,
      access,
      maker: { id: caller.keyId, scopes: caller.scopes },
      ...(owner !== undefined && { tenantId: owner }),
      ...(screens && { screens }),
      ...(theme && { theme }),
    });
    const consoleUrl = settings.consoleUrl();
    return {
      ...portalSessionJson(session, ports.clock.now()),
      code,
      code_expires_at: asTimestamp(session.endsAt),
      url: consoleUrl === undefined ? null : linkOf(consoleUrl, code),
    };
  },

  'portal.list': async ({ query }, { ports, caller }) => {
    const owner = ownerOf(query, caller);
    const list = { route: portalRoutes.list.id, tenantId: owner ?? '' };
    const { cursor, limit } = listRange(list, query);
    const sessions = await ports.sessions.page(owner, cursor, limit);
    const now = ports.clock.now();
    const next = sessions.length === limit ? sessions.at(-1)?.id : undefined;
    return { data: sessions.map((one) => portalSessionJson(one, now)), next_cursor: writeCursor(list, next) };
  },

  'portal.get': ({ params, query }, context) => shown(context, ownerOf(query, context.caller), params.id),

  'portal.revoke': ({ params, query }, context) => revoked(context, ownerOf(query, context.caller), params.id),

  'portal.extend': async ({ params, query }, { ports, caller }) => {
    const { sessions, clock } = ports;
    const owner = ownerOf(query, caller);
    const session = await sessions.get(owner, params.id);
    if (!session) throw unknownSession();
    const now = clock.now();
    const endsAt = endOfSession(session.openedAt ?? now, now);
    const extended = await sessions.extendIfLive(owner, params.id, endsAt, now);
    if (!extended) throw notLive();
    return portalSessionJson(extended, now);
  },

  'portal.exchange': async (_, { ports, caller }) => {
    const opened = await openSession(ports, caller.owner, caller.keyId);
    // The gateway may still remember the code as good.
    if (!opened) throw usedCode();
    return { token: opened.token, session: portalSessionJson(opened.session, ports.clock.now()) };
  },

  'portal.current': (_, context) => shown(context, context.caller.owner, context.caller.keyId),

  'portal.end': (_, context) => revoked(context, context.caller.owner, context.caller.keyId),
};

async function shown({ ports: { sessions, clock } }: Context, owner: SessionOwner, id: string) {
  const session = await sessions.get(owner, id);
  if (!session) throw unknownSession();
  return portalSessionJson(session, clock.now());
}

async function revoked({ ports: { sessions, clock } }: Context, owner: SessionOwner, id: string) {
  const now = clock.now();
  const session = await sessions.revoke(owner, id, now);
  if (!session) throw unknownSession();
  return portalSessionJson(session, now);
}

const OF_PLATFORM: ReadonlySet<Screen> = new Set(PLATFORM_SCREENS);

function refuseScreensOfPlatform(screens: readonly Screen[] | undefined): void {
  const beyond = screens?.find((screen) => OF_PLATFORM.has(screen));
  if (beyond === undefined) return;
  const message = `\`screens\`: a tenant’s session cannot show \`${beyond}\`, which is the platform’s. Leave it off.`;
  throw new InvalidRequest('body', [{ field: 'screens', message }]);
}

function unknownSession(): RequestError {
  return notFound('portal session');
}

function notLive(): RequestError {
  return new RequestError(
    'wrong-state',
    'The session is not live: it was not opened yet, or has ended. Make a new one.',
  );
}

function usedCode(): RequestError {
  return new RequestError('unauthorized', 'The code was used before, or has ended: ask for a new link.');
}
