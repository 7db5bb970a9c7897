import { createHash } from 'node:crypto';
import { type BrakeScope, type Brakes, type IsBraked, MAX_TENANT_BRAKES } from '../../../ports/brakes.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { brakesKey } from '../layout/keys.ts';
import { HOT_ITEM_COPIES, everyShard } from '../layout/shards.ts';

/**
 * All brakes are in one item, so that dispatch reads them for one unit: the time each was set, by its scope. The item has
 * copies, because all batches read it: a call changes every one before it is answered, so whoever gets no answer
 * calls again.
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
    const item = (await this.#config.get(brakesKey(this.#copy))) ?? {};
    const others = Object.keys(item).filter((one) => one.startsWith(TENANT) && one !== name);
    if (scope !== 'deployment' && others.length >= MAX_TENANT_BRAKES) return false;
    const change = { text: `SET #${name} = if_not_exists(#${name}, :at)`, values: { ':at': at } };
    await this.#changeCopies(change);
    return true;
  }

  async release(scope: BrakeScope): Promise<boolean> {
    const name = `#${nameOf(scope)}`;
    const isSet = { text: `attribute_exists(${name})` };
    const released = await this.#changeCopies({ text: `REMOVE ${name}` }, isSet);
    return released.some((item) => item !== undefined);
  }

  async get(scope: BrakeScope): Promise<number | undefined> {
    return setAt(await this.#config.get(brakesKey(this.#copy)), scope);
  }

  #changeCopies(change: Expression, condition?: Expression): Promise<(Item | undefined)[]> {
    const copies = everyShard(HOT_ITEM_COPIES);
    return Promise.all(copies.map((copy) => this.#config.updateIf(brakesKey(copy), change, condition)));
  }

  async standing(): Promise<IsBraked> {
    const item = await this.#config.get(brakesKey(this.#copy));
    return (tenantId) => isBraked(item, tenantId);
  }
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
