import { createHash } from 'node:crypto';
import { VERISWARM_BASE, VERISWARM_KEY_HEADER } from '../../lib/api/facades/veriswarm/base.ts';
import { Refusal } from '../refusal.ts';
import type { ImportedEndpoint } from './read-endpoint.ts';

/** Where an imported endpoint's former id is kept. */
export const SOURCE_ID = 'imported_id';

/** How many endpoints of one former id may have been deleted in a day. */
const MOST_KEYS = 20;
const CALL_LIMIT_MS = 60_000;

interface ShownEndpoint {
  id: string;
  metadata: Record<string, string>;
}

/** What the service refused, with the status of its answer. */
class Refused extends Refusal {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The service that endpoints are imported into, by its API. */
export class Target {
  readonly #url: string;
  readonly #key: string;
  readonly #tenants = new Map<string, Map<string, ShownEndpoint>>();

  constructor(url: string, key: string) {
    this.#url = url.replace(/\/$/, '');
    this.#key = key;
  }

  /** What was imported for a tenant before, by former id. @throws Refusal */
  async importedOf(tenantId: string): Promise<Map<string, ShownEndpoint>> {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const imported = new Map<string, ShownEndpoint>();
    for await (const one of this.list<ShownEndpoint>('/v1/endpoints?limit=200', tenantId)) {
      if (one.metadata[SOURCE_ID]) imported.set(one.metadata[SOURCE_ID], one);
    }
    this.#tenants.set(tenantId, imported);
    return imported;
  }

  /**
   * Makes it unless it is there, and does what a run before has not finished.
   * @param paused what comes for it is held, from the beginning
   * @returns whether it was made now
   */
  async import(tenantId: string, one: ImportedEndpoint, paused: boolean): Promise<boolean> {
    const { sourceId, number } = one;
    const imported = await this.importedOf(tenantId);
    const before = imported.get(sourceId);
    const endpoint = before ?? (await this.#make(tenantId, sourceId, bodyOf(one, paused)));
    imported.set(sourceId, endpoint);
    if (number !== undefined) {
      const token = { [VERISWARM_KEY_HEADER]: this.#key };
      await this.#call('PUT', `${VERISWARM_BASE}/${number}`, tenantId, { endpoint_id: endpoint.id }, token);
    }
    return before === undefined;
  }

  /** Two runs at the same time, or one that died before it saw the answer, make one: their keys are the same. */
  async #make(tenantId: string, sourceId: string, body: object): Promise<ShownEndpoint> {
    const id = createHash('sha256').update(sourceId).digest('hex');
    for (let nth = 1; ; nth += 1) {
      const keyed = { 'idempotency-key': `import ${nth} ${id}` };
      try {
        return (await this.#call('POST', '/v1/endpoints', tenantId, body, keyed)) as ShownEndpoint;
      } catch (error) {
        if (!(error instanceof Refused && error.status === 409) || nth === MOST_KEYS) throw error;
      }
      // The key's endpoint was deleted since, or asked for with other fields: unless it is there, it is made anew.
      const there = await this.#find(tenantId, sourceId);
      if (there) return there;
    }
  }

  async #find(tenantId: string, sourceId: string): Promise<ShownEndpoint | undefined> {
    const pair = encodeURIComponent(`${SOURCE_ID}:${sourceId}`);
    for await (const one of this.list<ShownEndpoint>(`/v1/endpoints?limit=200&metadata=${pair}`, tenantId)) return one;
    return undefined;
  }

  /** Makes nothing. @returns whether {@link import} would make it. @throws Refusal where that would be refused */
  async validate(tenantId: string, one: ImportedEndpoint, paused: boolean): Promise<boolean> {
    const imported = await this.importedOf(tenantId);
    if (imported.has(one.sourceId)) return false;
    const body = bodyOf(one, paused);
    await this.#call('POST', '/v1/endpoints/validate', tenantId, body);
    imported.set(one.sourceId, { id: '', metadata: {} });
    return true;
  }

  /** The entries of all pages. @throws Refusal */
  async *list<Entry>(path: string, tenantId: string): AsyncGenerator<Entry> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.#call('GET', path + after, tenantId)) as { data: Entry[]; next_cursor: string | null };
      yield* page.data;
      cursor = page.next_cursor;
    }
  }

  async #call(method: string, path: string, tenantId: string, body?: object, headers = {}): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        'postrider-tenant': encodeURIComponent(tenantId),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Refusal(`Nothing answers at ${this.#url}: check --url.`, { cause });
    });
    const text = await response.text();
    const answer = parsed(text);
    if (response.ok && (text === '' || answer !== undefined)) return answer;
    throw new Refused(`${method} ${path}: ${response.status} ${answer?.detail ?? text.slice(0, 200)}`, response.status);
  }
}

function bodyOf({ sourceId, body, disabled }: ImportedEndpoint, paused: boolean): object {
  const { metadata = {}, status = 'active' } = body;
  const begins = disabled ? 'disabled' : paused && status === 'active' ? 'paused' : status;
  // What is no object is the service's to refuse.
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return { ...body, status: begins, metadata: isObject ? { ...metadata, [SOURCE_ID]: sourceId } : metadata };
}

/** Undefined for what is no JSON: something else than the service has answered. */
function parsed(text: string): { detail?: string } | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** With the key of the environment. @throws Refusal without one */
export function openTarget(url: string): Target {
  const key = process.env['POSTRIDER_API_KEY'];
  if (!key) throw new Refusal('Put an API key into POSTRIDER_API_KEY.');
  return new Target(url, key);
}
