import { createHash } from 'node:crypto';
import { VERISWARM_BASE, VERISWARM_KEY_HEADER } from '../../lib/api/facades/veriswarm/base.ts';
import { Refusal } from '../refusal.ts';
import type { ImportedEndpoint } from './read-endpoint.ts';

/** Where an imported endpoint's former id is kept. */
export const SOURCE_ID = 'imported_id';

interface ShownEndpoint {
  id: string;
  status: string;
  generation: number;
  metadata: Record<string, string>;
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
   * @param paused what comes for it is held
   * @returns whether it was made now
   */
  async import(tenantId: string, one: ImportedEndpoint, paused = false): Promise<boolean> {
    const { sourceId, number, disabled } = one;
    const imported = await this.importedOf(tenantId);
    const before = imported.get(sourceId);
    // Two runs at the same time, or one that died before it saw the answer, make one.
    const keyed = { 'idempotency-key': `import ${createHash('sha256').update(sourceId).digest('hex')}` };
    const endpoint =
      before ?? ((await this.#call('POST', '/v1/endpoints', tenantId, bodyOf(one), keyed)) as ShownEndpoint);
    imported.set(sourceId, endpoint);
    if (number !== undefined) {
      const token = { [VERISWARM_KEY_HEADER]: this.#key };
      await this.#call('PUT', `${VERISWARM_BASE}/${number}`, tenantId, { endpoint_id: endpoint.id }, token);
    }
    // Not one that somebody has changed since: it may have been enabled.
    if ((disabled || paused) && endpoint.status === 'active' && endpoint.generation === 1) {
      await this.#call('POST', `/v1/endpoints/${endpoint.id}/${disabled ? 'disable' : 'pause'}`, tenantId);
    }
    return before === undefined;
  }

  /** Makes nothing. @returns whether {@link import} would make it. @throws Refusal where that would be refused */
  async validate(tenantId: string, one: ImportedEndpoint): Promise<boolean> {
    if ((await this.importedOf(tenantId)).has(one.sourceId)) return false;
    await this.#call('POST', '/v1/endpoints/validate', tenantId, bodyOf(one));
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
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    throw new Refusal(`${method} ${path}: ${response.status} ${detailOf(text)}`);
  }
}

function bodyOf({ sourceId, body }: ImportedEndpoint): object {
  return { ...body, metadata: { ...(body['metadata'] as object | undefined), [SOURCE_ID]: sourceId } };
}

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text;
  } catch {
    return text;
  }
}

/** With the key of the environment. @throws Refusal without one */
export function openTarget(url: string): Target {
  const key = process.env['POSTRIDER_API_KEY'];
  if (!key) throw new Refusal('Put an API key into POSTRIDER_API_KEY.');
  return new Target(url, key);
}
