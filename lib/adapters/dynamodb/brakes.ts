import type { BrakeScope, Brakes } from '../../ports/brakes.ts';
import type { DocumentTable, Item } from './document-table.ts';
import { BRAKES_KEY } from './keys.ts';

/**
 * All brakes in one item, so that dispatch reads them for one unit: when each was set, by its scope. Some thousand
 * tenants' have room in it. It stays when none is set: nothing is ever deleted from the table of config.
 */
export class DynamoBrakes implements Brakes {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async set(scope: BrakeScope, at: number): Promise<void> {
    const name = `#${nameOf(scope)}`;
    await this.#config.updateIf(BRAKES_KEY, {
      text: `SET ${name} = if_not_exists(${name}, :at)`,
      values: { ':at': at },
    });
  }

  async release(scope: BrakeScope): Promise<boolean> {
    const name = `#${nameOf(scope)}`;
    const isSet = { text: `attribute_exists(${name})` };
    return (await this.#config.updateIf(BRAKES_KEY, { text: `REMOVE ${name}` }, isSet)) !== undefined;
  }

  async get(scope: BrakeScope): Promise<number | undefined> {
    return setAt(await this.#config.get(BRAKES_KEY), scope);
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

/** An attribute's name in an expression has letters and digits only, and a tenant's id has others too. */
function nameOf(scope: BrakeScope): string {
  return scope === 'deployment' ? scope : `tenant_${Buffer.from(scope.tenantId).toString('hex')}`;
}
