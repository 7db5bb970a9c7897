import { createHash } from 'node:crypto';
import { type BrakeScope, type Brakes, type IsBraked, MAX_TENANT_BRAKES } from '../../../ports/brakes.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { brakesKey } from '../layout/keys.ts';
import { HOT_ITEM_COPIES, everyShard } from '../layout/shards.ts';

/**
 * All brakes are in one item, so that dispatch reads them for one unit: the time each was set, by its scope. The item has
 * copies, because all batches read it. A call changes the first one, which raises its version, and then replaces those
 * that are behind, before it is answered. What a crash leaves behind, sweep replaces.
 */
export class DynamoBrakes implements Brakes {
  readonly #config: DocumentTable;
  readonly #copy: number;

  /** @param copy which one this process reads */
  constructor(config: DocumentTable, copy: number) {
    this.#config = config;
    this.#copy = copy;
  }

  async set(scope: BrakeScope, at: number): Promise<boolean> {
    const name = nameOf(scope);
    const item = (await this.#config.get(brakesKey(FIRST_COPY))) ?? {};
    const others = Object.keys(item).filter((one) => one.startsWith(TENANT) && one !== name);
    if (scope !== 'deployment' && others.length >= MAX_TENANT_BRAKES) return false;
    await this.#change({ text: `SET #${name} = if_not_exists(#${name}, :at)`, values: { ':at': at } });
    return true;
  }

  async release(scope: BrakeScope): Promise<boolean> {
    const name = `#${nameOf(scope)}`;
    const isSet = { text: `attribute_exists(${name})` };
    return this.#change({ text: `REMOVE ${name}` }, isSet);
  }

  async get(scope: BrakeScope): Promise<number | undefined> {
    return setAt(await this.#config.get(brakesKey(this.#copy)), scope);
  }

  /** @returns whether any copy was changed: an earlier call may have died after the first one */
  async #change({ text, values }: Expression, condition?: Expression): Promise<boolean> {
    const change = { text: `${text} ADD #version :one`, values: { ...values, ':one': 1 } };
    const changed = await this.#config.updateIf(brakesKey(FIRST_COPY), change, condition);
    const replaced = await this.#replaceOthers(changed ?? (await this.#config.get(brakesKey(FIRST_COPY))));
    return changed !== undefined || replaced;
  }

  /** Each copy that has a lower version than the first one. @returns whether there was any */
  async #replaceOthers(first: Item | undefined): Promise<boolean> {
    if (first?.version === undefined) return false;
    const isBehind = { text: BEHIND, values: { ':version': first.version } };
    const replaced = await Promise.all(
      OTHER_COPIES.map((copy) => this.#config.putIf({ ...first, ...brakesKey(copy) }, isBehind)),
    );
    return replaced.includes(true);
  }

  async standing(): Promise<IsBraked> {
    const copies = await Promise.all(everyShard(HOT_ITEM_COPIES).map((copy) => this.#config.get(brakesKey(copy))));
    const [first] = copies;
    if (copies.some((item) => versionOf(item) < versionOf(first))) await this.#replaceOthers(first);
    return (tenantId) => isBraked(first, tenantId);
  }
}

const FIRST_COPY = 0;
const OTHER_COPIES = everyShard(HOT_ITEM_COPIES).slice(1);
const BEHIND = 'attribute_not_exists(#version) OR #version < :version';

function versionOf(item: Item | undefined): number {
  return Number(item?.version ?? 0);
}

/** Whether the item of brakes stops a tenant's sending. */
export function isBraked(item: Item | undefined, tenantId: string): boolean {
  return setAt(item, 'deployment') !== undefined || setAt(item, { tenantId }) !== undefined;
}

function setAt(item: Item | undefined, scope: BrakeScope): number | undefined {
  const at = item?.[nameOf(scope)];
  return at === undefined ? undefined : Number(at);
}

const TENANT = 'tenant_';

/** A hash, because the attribute names of expressions are short and alphanumeric, and tenant ids need not be. */
function nameOf(scope: BrakeScope): string {
  return scope === 'deployment' ? scope : TENANT + createHash('sha256').update(scope.tenantId).digest('hex');
}
