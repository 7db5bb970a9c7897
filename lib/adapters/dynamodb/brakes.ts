import type { BrakeScope, Brakes } from '../../ports/brakes.ts';
import type { DocumentTable } from './document-table.ts';
import { brakeKey } from './keys.ts';

/** A brake that was released stays as an item without a time: nothing is ever deleted from the table of config. */
export class DynamoBrakes implements Brakes {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async set(scope: BrakeScope, at: number): Promise<void> {
    const change = { text: 'SET #setAt = if_not_exists(#setAt, :at)', values: { ':at': at } };
    await this.#config.updateIf(brakeKey(scope), change);
  }

  async release(scope: BrakeScope): Promise<boolean> {
    const change = { text: 'REMOVE #setAt' };
    return (await this.#config.updateIf(brakeKey(scope), change, { text: 'attribute_exists(#setAt)' })) !== undefined;
  }

  async get(scope: BrakeScope): Promise<number | undefined> {
    return setAt(await this.#config.get(brakeKey(scope)));
  }
}

/** When the brake of an item was set, if it is. */
export function setAt(item: Readonly<Record<string, unknown>> | undefined): number | undefined {
  return item?.setAt === undefined ? undefined : Number(item.setAt);
}
