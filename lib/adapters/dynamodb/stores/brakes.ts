import { createHash } from 'node:crypto';
import { type BrakeScope, type Brakes, type IsBraked, MAX_TENANT_BRAKES } from '../../../ports/brakes.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { BRAKES_KEY } from '../layout/keys.ts';

/**
 * All brakes are in one item, so that dispatch reads them for one unit: the time each was set, by its scope. The item stays
 * when no brake is set, because nothing is ever deleted from the config table.
 */
export class DynamoBrakes implements Brakes {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async set(scope: BrakeScope, at: number): Promise<boolean> {
    const name = nameOf(scope);
    const item = (await this.#config.get(BRAKES_KEY)) ?? {};
    const others = Object.keys(item).filter((one) => one.startsWith(TENANT) && one !== name);
    if (scope !== 'deployment' && others.length >= MAX_TENANT_BRAKES) return false;
    const change = { text: `SET #${name} = if_not_exists(#${name}, :at)`, values: { ':at': at } };
    await this.#config.updateIf(BRAKES_KEY, change);
    return true;
  }

  async release(scope: BrakeScope): Promise<boolean> {
    const name = `#${nameOf(scope)}`;
    const isSet = { text: `attribute_exists(${name})` };
    return (await this.#config.updateIf(BRAKES_KEY, { text: `REMOVE ${name}` }, isSet)) !== undefined;
  }

  async get(scope: BrakeScope): Promise<number | undefined> {
    return setAt(await this.#config.get(BRAKES_KEY), scope);
  }

  async standing(): Promise<IsBraked> {
    const item = await this.#config.get(BRAKES_KEY);
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
