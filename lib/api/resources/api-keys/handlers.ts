import { RequestError, notFound } from '../../../domain/errors.ts';
import type { ApiKey, KeyOwner } from '../../../ports/api-key-store.ts';
import { type Caller, missingScope } from '../../auth/authorize.ts';
import { hasEnded } from '../../auth/find-key.ts';
import { makeApiKey } from '../../auth/make-api-key.ts';
import { ownerOf } from '../../auth/owner.ts';
import { SCOPES, type Scope, TENANT_SCOPES } from '../../auth/scopes.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import { listRange } from '../../http/list-range.ts';
import { apiKeyRoutes } from './routes.ts';
import { apiKeyJson } from './view.ts';

type Context = HandlerContext<'apiKeys' | 'clock'>;

export const apiKeyHandlers: HandlersOf<typeof apiKeyRoutes, 'account', 'apiKeys' | 'tenants' | 'clock' | 'random'> = {
  'api-keys.create': async ({ query, body }, context) => {
    const { ports, caller } = context;
    const owner = ownerOf(query, context.caller);
    const now = ports.clock.now();
    const { name, expires_at: expiresAt } = body;
    if (expiresAt !== undefined && expiresAt <= now) throw inThePast();
    const scopes = grantedScopes(caller, owner, body.scopes);
    await refuseTooMany(context, owner);
    const { key, secret } = await makeApiKey(ports, {
      name,
      scopes,
      ...(owner !== undefined && { tenantId: owner }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    return { ...apiKeyJson(key, now), secret };
  },

  'api-keys.list': async ({ query }, context) => {
    const owner = ownerOf(query, context.caller);
    const list = { route: apiKeyRoutes.list.id, tenantId: owner ?? '' };
    const { cursor, limit } = listRange(list, query);
    const { keys, next } = await context.ports.apiKeys.page(owner, cursor, limit);
    const now = context.ports.clock.now();
    return { data: keys.map((key) => apiKeyJson(key, now)), next_cursor: writeCursor(list, next) };
  },

  'api-keys.get': async ({ params, query }, context) =>
    apiKeyJson(await existingKey(context, ownerOf(query, context.caller), params.id), context.ports.clock.now()),

  'api-keys.rotate': async ({ params, query, body }, context) => {
    const { ports, caller } = context;
    const owner = ownerOf(query, context.caller);
    const now = ports.clock.now();
    const old = await existingKey(context, owner, params.id);
    refuseBeyond(caller, old.scopes);
    if (hasEnded(old, now)) throw ended();
    // Without an overlap there are no more keys afterwards.
    if (body.overlap_seconds > 0) await refuseTooMany(context, owner);
    const { name, scopes, tenantId, expiresAt } = old;
    const { key, secret } = await makeApiKey(ports, {
      scopes,
      ...(name !== undefined && { name }),
      ...(tenantId !== undefined && { tenantId }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    // The new key first: a crash in between leaves two good keys, not none.
    await ports.apiKeys.endBy(owner, old.id, now + body.overlap_seconds * 1000);
    return { ...apiKeyJson(key, now), secret };
  },

  'api-keys.revoke': async ({ params, query }, context) => {
    const { apiKeys, clock } = context.ports;
    const now = clock.now();
    const revoked = await apiKeys.revoke(ownerOf(query, context.caller), params.id, now);
    if (!revoked) throw unknownKey();
    return apiKeyJson(revoked, now);
  },
};

/** A caller gives nobody more than it has itself. */
function grantedScopes(caller: Caller, owner: KeyOwner, wanted: readonly Scope[] | undefined): readonly string[] {
  const ofKind = owner === undefined ? SCOPES : TENANT_SCOPES;
  if (!wanted) return ofKind.filter((scope) => caller.scopes.includes(scope));
  const beyond = wanted.find((scope) => !ofKind.includes(scope));
  if (beyond) throw onlyPlatform(beyond);
  refuseBeyond(caller, wanted);
  return [...new Set(wanted)];
}

/** @throws RequestError `missing-scope` */
function refuseBeyond(caller: Caller, scopes: readonly string[]): void {
  const missing = scopes.find((scope) => !caller.scopes.includes(scope));
  if (missing !== undefined) throw missingScope(missing);
}

/** Calls at the same moment may exceed it by one each. @throws RequestError `too-many-api-keys` */
async function refuseTooMany({ ports, settings: { maxApiKeys } }: Context, owner: KeyOwner): Promise<void> {
  if (owner === undefined) return;
  const live = await ports.apiKeys.countLive(owner, ports.clock.now(), maxApiKeys);
  if (live < maxApiKeys) return;
  throw new RequestError(
    'too-many-api-keys',
    `This tenant can have ${maxApiKeys} live API keys and has them: revoke one, or rotate one with \`overlap_seconds\` 0.`,
  );
}

async function existingKey({ ports }: Context, owner: KeyOwner, id: string): Promise<ApiKey> {
  const key = await ports.apiKeys.get(owner, id);
  if (!key) throw unknownKey();
  return key;
}

function unknownKey(): RequestError {
  return notFound('API key');
}

function ended(): RequestError {
  return new RequestError('wrong-state', 'The key has expired or was revoked. Create a new one.');
}

function inThePast(): InvalidRequest {
  return new InvalidRequest('body', [{ field: 'expires_at', message: '`expires_at` must be in the future.' }]);
}

function onlyPlatform(scope: Scope): InvalidRequest {
  const message = `\`scopes\`: a tenant’s key cannot have \`${scope}\`, which is for platform keys. Leave it off.`;
  return new InvalidRequest('body', [{ field: 'scopes', message }]);
}
