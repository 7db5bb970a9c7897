import {
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyStore,
  ENDED_KEY_MS,
  type KeyOwner,
} from '../../../ports/api-key-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { apiKeyEntryKey, apiKeyKey, apiKeysPk } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

const PAGE_SIZE = 200;

/**
 * A key is one item, found by its hash. Beside it is an entry in the list of its owner, which is written first: an entry
 * without a key is what a crash left, and is not shown.
 */
export class DynamoApiKeyStore implements ApiKeyStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async find(hash: string): Promise<ApiKey | undefined> {
    return fromRecordItem<ApiKey>(await this.#config.get(apiKeyKey(hash)));
  }

  async get(owner: KeyOwner, id: string): Promise<ApiKey | undefined> {
    const hash = await this.#hashOf(owner, id);
    return hash === undefined ? undefined : this.find(hash);
  }

  async page(owner: KeyOwner, after: string | undefined, limit: number): Promise<ApiKeyPage> {
    const { items, lastKey } = await this.#config.queryPage({
      keys: { text: '#pk = :pk', values: { ':pk': apiKeysPk(owner) } },
      pageSize: limit,
      consistent: true,
      ...(after !== undefined && { startAfter: { ...apiKeyEntryKey(owner, after) } }),
    });
    const found = await Promise.all(items.map(({ hash }) => this.find(hash as string)));
    const keys = found.filter((key) => key !== undefined);
    const next = items.at(-1)?.sk;
    return lastKey && next !== undefined ? { keys, next } : { keys };
  }

  /** The entries tell, which have the end of a key as their own; one that a crash left without a key is counted. */
  async countLive(owner: KeyOwner, now: number, atMost: number): Promise<number> {
    const keys = { text: '#pk = :pk', values: { ':pk': apiKeysPk(owner) } };
    const endedBy = ttlSeconds(now + ENDED_KEY_MS);
    let live = 0;
    for await (const entry of this.#config.query({ keys, pageSize: PAGE_SIZE, consistent: true })) {
      const ttl = entry[TTL_ATTRIBUTE];
      if (ttl === undefined || Number(ttl) > endedBy) live += 1;
      if (live === atMost) break;
    }
    return live;
  }

  async put(key: ApiKey): Promise<void> {
    const ttl = key.expiresAt === undefined ? {} : ttlAfter(key.expiresAt);
    await this.#config.put({ ...apiKeyEntryKey(key.tenantId, key.id), hash: key.hash, ...ttl });
    await this.#config.put(toRecordItem(apiKeyKey(key.hash), key, ttl));
  }

  async revoke(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined> {
    return this.#end(owner, id, 'revokedAt', at, 'attribute_not_exists(#revokedAt)');
  }

  async endBy(owner: KeyOwner, id: string, at: number): Promise<ApiKey | undefined> {
    return this.#end(owner, id, 'expiresAt', at, '(attribute_not_exists(#expiresAt) OR #expiresAt > :at)');
  }

  async noteUse(hash: string, at: number, unlessSince: number): Promise<void> {
    await this.#config.updateIf(
      apiKeyKey(hash),
      { text: 'SET #lastUsedAt = :at', values: { ':at': at } },
      {
        text: 'attribute_exists(#pk) AND (attribute_not_exists(#lastUsedAt) OR #lastUsedAt < :since)',
        values: { ':since': unlessSince },
      },
    );
  }

  /** Changes the key first: what counts is that it ends. */
  async #end(
    owner: KeyOwner,
    id: string,
    attribute: 'revokedAt' | 'expiresAt',
    at: number,
    condition: string,
  ): Promise<ApiKey | undefined> {
    const hash = await this.#hashOf(owner, id);
    if (hash === undefined) return undefined;
    const expire = `#${TTL_ATTRIBUTE} = :ttl`;
    await this.#config.updateIf(
      apiKeyKey(hash),
      { text: `SET #${attribute} = :at, ${expire}`, values: { ':at': at, ':ttl': ttlAfter(at)[TTL_ATTRIBUTE] } },
      { text: `attribute_exists(#pk) AND ${condition}` },
    );
    const stored = await this.#config.get(apiKeyKey(hash));
    const ttl = stored?.[TTL_ATTRIBUTE];
    // Also for a key that had ended before: a crash may have left its entry, which would be counted for ever.
    if (ttl !== undefined) {
      const change = { text: `SET ${expire}`, values: { ':ttl': ttl } };
      await this.#config.updateIf(apiKeyEntryKey(owner, id), change, { text: 'attribute_exists(#pk)' });
    }
    return fromRecordItem<ApiKey>(stored);
  }

  async #hashOf(owner: KeyOwner, id: string): Promise<string | undefined> {
    return (await this.#config.get(apiKeyEntryKey(owner, id)))?.hash as string | undefined;
  }
}

function ttlAfter(endedAt: number): Record<typeof TTL_ATTRIBUTE, number> {
  return { [TTL_ATTRIBUTE]: ttlSeconds(endedAt + ENDED_KEY_MS) };
}
