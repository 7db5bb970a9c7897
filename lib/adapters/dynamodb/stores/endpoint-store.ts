import type { Endpoint } from '../../../domain/endpoint.ts';
import { ServiceFault } from '../../../domain/errors.ts';
import type { EndpointPage, EndpointStore } from '../../../ports/endpoint-store.ts';
import type { DocumentTable, Expression, QuerySpec } from '../access/document-table.ts';
import { endpointOf } from '../layout/endpoint-item.ts';
import type { Item, ItemKey } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { endpointCountKey, endpointKey, endpointsPk, troubleIndexKey } from '../layout/keys.ts';
import { ENDPOINT_SHARDS, everyShard } from '../layout/shards.ts';

/** A page of a query ends at 1 MB anyway (Amazon DynamoDB: Query). */
const COUNT_PAGE_SIZE = 1000;
/** Creations between two counts of a small tenant. */
const LEAST_BETWEEN_COUNTS = 128;
const MAX_TRIES = 10;
/**
 * How long a tenant that was found full is not counted again. A revocation ends that at once; this is for a process that
 * dies between a revocation and its note.
 */
const FULL_MS = 60_000;

export class DynamoEndpointStore implements EndpointStore {
  readonly #config: DocumentTable;
  readonly #now: () => number;

  /** @param now milliseconds since the Unix epoch */
  constructor(config: DocumentTable, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  async get(tenantId: string, endpointId: string): Promise<Endpoint | undefined> {
    return endpointOf(await this.#config.get(endpointKey(tenantId, endpointId)));
  }

  async page(tenantId: string, after: string | undefined, limit: number): Promise<EndpointPage> {
    const shards = queriesOf(
      this.#config,
      tenantId,
      { pageSize: pageSizeOf(limit + 1, ENDPOINT_SHARDS), consistent: true },
      after,
    );
    const endpoints = await takeFirst(mergeSorted(shards, byId), limit + 1, endpointOf);
    const page = endpoints.slice(0, limit);
    const last = page.at(-1);
    return endpoints.length > limit && last ? { endpoints: page, next: last.id } : { endpoints: page };
  }

  /**
   * A counter is raised before each creation, and never lowered: it is what there is at most. When it comes to the limit,
   * or to twice what there was, all endpoints are counted, and it begins again from there. When there are as many as the
   * limit, that is noted, and holds until an endpoint is revoked: a client that goes on creating reads no endpoints.
   */
  async countOneMore(tenantId: string, limit: number): Promise<number | undefined> {
    const key = endpointCountKey(tenantId);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const below = { text: '#counted < #recount_at AND #counted < :limit', values: { ':limit': limit } };
      const raised = await this.#config.updateIf(key, { text: 'ADD #counted :one', values: { ':one': 1 } }, below);
      if (raised) return Number(raised.counted) - 1;
      const before = await this.#config.get(key);
      if (isFull(before, limit, this.#now())) return undefined;
      const live = await this.#countLive(tenantId);
      if (live >= limit) {
        await this.#noteFull(key, limit, before);
        return undefined;
      }
      const recount = { counted: live + 1, recount_at: Math.max(2 * live, live + LEAST_BETWEEN_COUNTS) };
      const freed = before?.freed !== undefined && { freed: before.freed };
      if (await this.#config.putIf({ ...key, ...recount, ...freed }, isSame('counted', before))) return live;
    }
    throw new ServiceFault('The tenant’s endpoints are being counted by others at the same moment.');
  }

  /** Unless an endpoint was revoked since the count began. */
  async #noteFull(key: ItemKey, limit: number, before: Item | undefined): Promise<void> {
    const values = { ':limit': limit, ':until': this.#now() + FULL_MS };
    const full = { text: 'SET #full_limit = :limit, #full_until = :until', values };
    await this.#config.updateIf(key, full, isSame('freed', before));
  }

  async #countLive(tenantId: string): Promise<number> {
    let live = 0;
    for (const shard of queriesOf(this.#config, tenantId, { pageSize: COUNT_PAGE_SIZE, consistent: true })) {
      for await (const item of shard) if (isLive(endpointOf(item))) live += 1;
    }
    return live;
  }

  createUnlessExists(endpoint: Endpoint): Promise<boolean> {
    return this.#setIf(endpoint, { text: 'attribute_not_exists(#endpoint)' });
  }

  async replaceIfGeneration(endpoint: Endpoint, generation: number): Promise<boolean> {
    // Failures of the generation before are void: only a pause puts it into the index.
    const { tenantId, id, status } = endpoint;
    const trouble = status === 'paused' ? { ...troubleIndexKey(tenantId, id), is_paused: 'true' } : NO_TROUBLE;
    const replaced = await this.#setIf(endpoint, isAt(generation, endpoint.secretsRevision), trouble);
    if (replaced && !isLive(endpoint)) await this.#noteFreed(endpoint.tenantId);
    return replaced;
  }

  async #noteFreed(tenantId: string): Promise<void> {
    const freed = { text: 'REMOVE #full_until ADD #freed :one', values: { ':one': 1 } };
    await this.#config.updateIf(endpointCountKey(tenantId), freed);
  }

  replaceSecretsIfRevision(endpoint: Endpoint, revision: number): Promise<boolean> {
    return this.#setIf(endpoint, isAt(endpoint.generation, revision));
  }

  #setIf(endpoint: Endpoint, condition: Expression, trouble?: Trouble): Promise<boolean> {
    return this.#config.setIf(endpointKey(endpoint.tenantId, endpoint.id), 'endpoint', endpoint, condition, trouble);
  }
}

/** What its health has to know of an endpoint, which it does not read. */
type Trouble = Record<keyof ReturnType<typeof troubleIndexKey> | 'is_paused', string | undefined>;
const NO_TROUBLE: Trouble = { trouble_pk: undefined, trouble_sk: undefined, is_paused: undefined };

/** One query a shard, by id ascending. */
function queriesOf(
  config: DocumentTable,
  tenantId: string,
  spec: Pick<QuerySpec, 'pageSize' | 'consistent'>,
  after?: string,
) {
  return everyShard(ENDPOINT_SHARDS).map((shard) => {
    const inShard = { text: '#pk = :pk', values: { ':pk': endpointsPk(tenantId, shard) } };
    const beyond = { text: '#pk = :pk AND #sk > :after', values: { ...inShard.values, ':after': after } };
    return config.query({ ...spec, keys: after === undefined ? inShard : beyond });
  });
}

function byId(a: Item, b: Item): number {
  return a.sk < b.sk ? -1 : 1;
}

/** An endpoint whose secrets never changed has no revision of them. */
function isAt(generation: number, revision = 0): Expression {
  const of = '#endpoint.#generation = :generation AND';
  if (revision === 0) {
    const text = `${of} attribute_not_exists(#endpoint.#secretsRevision)`;
    return { text, values: { ':generation': generation } };
  }
  const text = `${of} #endpoint.#secretsRevision = :revision`;
  return { text, values: { ':generation': generation, ':revision': revision } };
}

function isFull(counter: Item | undefined, limit: number, now: number): boolean {
  return Number(counter?.full_until ?? 0) > now && limit <= Number(counter?.full_limit);
}

/** An attribute of the counter is as it was read. */
function isSame(attribute: 'counted' | 'freed', before: Item | undefined): Expression {
  const value = before?.[attribute];
  if (value === undefined) return { text: `attribute_not_exists(#${attribute})` };
  return { text: `#${attribute} = :${attribute}`, values: { [`:${attribute}`]: value } };
}

function isLive(endpoint: Endpoint | undefined): boolean {
  return endpoint !== undefined && endpoint.status !== 'revoked';
}
