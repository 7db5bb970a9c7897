import { type PortalSession, SESSION_TIMES } from '../../../domain/portal-session.ts';
import type { PortalSessionStore, SessionOpening, SessionOwner } from '../../../ports/portal-session-store.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { sessionHashKey, sessionKey, sessionsPk } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** Whoever opens or extends it may have read the clock before it was revoked. */
const NOT_REVOKED = 'attribute_not_exists(#revokedAt)';

/**
 * A session is one item in the list of its owner, and all that is decided about it is decided there. Beside it is an
 * item for the hash of its code and one for that of its token, each written before the session says that hash: one that
 * a crash left leads to a session that does not say it, and finds nothing.
 */
export class DynamoPortalSessionStore implements PortalSessionStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async create(session: PortalSession): Promise<void> {
    const { tenantId, id, codeHash, endsAt } = session;
    await this.#pointFrom(codeHash, tenantId, id, endsAt);
    await this.#config.put(toRecordItem(sessionKey(tenantId, id), session, ttlAfter(endsAt)));
  }

  async find(hash: string): Promise<PortalSession | undefined> {
    const pointer = await this.#config.get(sessionHashKey(hash));
    if (!pointer) return undefined;
    const session = await this.get(pointer.tenantId as SessionOwner, pointer.id as string);
    return session?.codeHash === hash || session?.tokenHash === hash ? session : undefined;
  }

  async get(owner: SessionOwner, id: string): Promise<PortalSession | undefined> {
    return fromRecordItem<PortalSession>(await this.#config.get(sessionKey(owner, id)));
  }

  async page(owner: SessionOwner, before: string | undefined, limit: number): Promise<PortalSession[]> {
    const { items } = await this.#config.queryPage({
      keys: { text: '#pk = :pk', values: { ':pk': sessionsPk(owner) } },
      order: 'descending',
      pageSize: limit,
      consistent: true,
      ...(before !== undefined && { startAfter: { ...sessionKey(owner, before) } }),
    });
    return items.map((item) => fromRecordItem<PortalSession>(item) as PortalSession);
  }

  async countFrom(owner: SessionOwner, id: string, atMost: number): Promise<number> {
    const { items } = await this.#config.queryPage({
      keys: { text: '#pk = :pk AND #sk >= :first', values: { ':pk': sessionsPk(owner), ':first': id } },
      pageSize: atMost,
      consistent: true,
    });
    return items.length;
  }

  async openOnce(owner: SessionOwner, id: string, opening: SessionOpening): Promise<PortalSession | undefined> {
    const { tokenHash, at, endsAt } = opening;
    // It can be extended without another write here.
    await this.#pointFrom(tokenHash, owner, id, at + SESSION_TIMES.longest);
    return this.#change(owner, id, endsAt, {
      change: {
        text: 'SET #openedAt = :at, #tokenHash = :tokenHash, #endsAt = :endsAt',
        values: { ':at': at, ':tokenHash': tokenHash, ':endsAt': endsAt },
      },
      condition: { text: `attribute_not_exists(#openedAt) AND #endsAt > :at AND ${NOT_REVOKED}` },
      isOwn: (stored) => stored.tokenHash === tokenHash,
    });
  }

  extendIfLive(owner: SessionOwner, id: string, endsAt: number, now: number): Promise<PortalSession | undefined> {
    return this.#change(owner, id, endsAt, {
      change: { text: 'SET #endsAt = :endsAt', values: { ':endsAt': endsAt } },
      condition: {
        text: `attribute_exists(#openedAt) AND #endsAt > :now AND ${NOT_REVOKED}`,
        values: { ':now': now },
      },
    });
  }

  async revoke(owner: SessionOwner, id: string, at: number): Promise<PortalSession | undefined> {
    const text = 'SET #revokedAt = if_not_exists(#revokedAt, :at)';
    const revoked = await this.#change(owner, id, at, {
      change: { text: `${text}, #endsAt = :at`, values: { ':at': at } },
      condition: { text: '#endsAt > :at' },
    });
    if (revoked) return revoked;
    const change = { text, values: { ':at': at } };
    const condition = { text: 'attribute_exists(#pk)' };
    return fromRecordItem<PortalSession>(await this.#config.updateIf(sessionKey(owner, id), change, condition));
  }

  async #change(
    owner: SessionOwner,
    id: string,
    endsAt: number,
    { change, condition, isOwn }: { change: Expression; condition: Expression; isOwn?: (stored: Item) => boolean },
  ): Promise<PortalSession | undefined> {
    const ttl = ttlAfter(endsAt);
    const text = `${change.text}, #${TTL_ATTRIBUTE} = :ttl`;
    const values = { ...change.values, ':ttl': ttl[TTL_ATTRIBUTE] };
    const item = await this.#config.updateIf(sessionKey(owner, id), { text, values }, condition, isOwn);
    return fromRecordItem<PortalSession>(item);
  }

  async #pointFrom(hash: string, owner: SessionOwner, id: string, endsAt: number): Promise<void> {
    const pointer = { id, ...(owner !== undefined && { tenantId: owner }), ...ttlAfter(endsAt) };
    await this.#config.put({ ...sessionHashKey(hash), ...pointer });
  }
}

function ttlAfter(endsAt: number): Record<typeof TTL_ATTRIBUTE, number> {
  return { [TTL_ATTRIBUTE]: ttlSeconds(endsAt + SESSION_TIMES.kept) };
}
