import { RequestError, notFound } from '../../../domain/errors.ts';
import { firstUlidAt } from '../../../domain/ids.ts';
import { MOST_LINKS_A_MINUTE, PLATFORM_SCREENS, type Screen, endOfSession } from '../../../domain/portal-session.ts';
import type { SessionOwner } from '../../../ports/portal-session-store.ts';
import type { Caller } from '../../auth/authorize.ts';
import { endSessionsOf } from '../../auth/end-sessions.ts';
import { type SessionMaker, linkOf, makeSession, openSession } from '../../auth/make-session.ts';
import { ownerOf } from '../../auth/owner.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import { listRange } from '../../http/list-range.ts';
import { asTimestamp } from '../../schemas/times.ts';
import { portalRoutes } from './routes.ts';
import { portalSessionJson } from './view.ts';

type UsedPorts = 'sessions' | 'apiKeys' | 'tenants' | 'clock' | 'random';
type Context = HandlerContext<UsedPorts>;

export const portalHandlers: HandlersOf<typeof portalRoutes, 'account', UsedPorts> = {
  'portal.create': async ({ query, body }, { ports, caller, settings }) => {
    const owner = ownerOf(query, caller);
    const { user, access, screens, theme } = body;
    if (owner === undefined) refuseSession(caller);
    else refuseScreensOfPlatform(screens);
    await refuseTooMany(ports, owner);
    const { session, code } = await makeSession(ports, {
      user,
      access,
      maker: await makerOf(ports, caller),
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

  'portal.revoke-of-user': async ({ query, body }, { ports, caller }) => {
    const owner = ownerOf(query, caller);
    const list = { route: portalRoutes.revokeOfUser.id, tenantId: owner ?? '', filters: { user: body.user } };
    const { cursor } = listRange(list, { cursor: query.cursor, limit: 1 });
    const person = { owner, user: body.user, ...(isSession(caller) && { asking: caller.keyId }) };
    const { revoked, next } = await endSessionsOf(ports, person, cursor);
    return { revoked, next_cursor: writeCursor(list, next) };
  },

  'portal.extend': async ({ params, query }, { ports, caller }) => {
    const { sessions, clock } = ports;
    const owner = ownerOf(query, caller);
    if (owner === undefined) refuseSession(caller);
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

async function makerOf({ apiKeys, sessions }: Context['ports'], caller: Caller): Promise<SessionMaker> {
  const { keyId: id, scopes, owner } = caller;
  const keyHash = isSession(caller) ? (await sessions.get(owner, id))?.keyHash : (await apiKeys.get(owner, id))?.hash;
  return { id, scopes, keyHash };
}

const isSession = ({ user }: Caller) => user !== undefined;

/**
 * An operator's session would otherwise go on for ever, by itself or by the next one.
 * @throws RequestError `platform-key-needed`
 */
function refuseSession(caller: Caller): void {
  if (!isSession(caller)) return;
  throw new RequestError(
    'platform-key-needed',
    'A platform key is needed: a session makes and extends no session of an operator.',
  );
}

const MINUTE_MS = 60_000;

/** Calls at the same moment may exceed it by one each. @throws RequestError `over-quota` */
async function refuseTooMany({ sessions, clock }: Context['ports'], owner: SessionOwner): Promise<void> {
  const aMinuteAgo = `ses_${firstUlidAt(clock.now() - MINUTE_MS)}`;
  if ((await sessions.countFrom(owner, aMinuteAgo, MOST_LINKS_A_MINUTE)) < MOST_LINKS_A_MINUTE) return;
  const words = `${MOST_LINKS_A_MINUTE} links of the console can be made a minute. Make this one later.`;
  throw new RequestError('over-quota', words, MINUTE_MS / 1000);
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
