import { ServiceFault } from '../../../domain/errors.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { SCHEMA_KEY } from './keys.ts';
import { FIRST_DUE_SHARDS } from './shards.ts';

/** The layout of the tables that this code reads and writes. Raise it when stored items change, with their conversion. */
export const SCHEMA = 1;

/** Another version of Postrider has written the tables. It may pass, because a deployment can be under way. */
export class SchemaMismatch extends ServiceFault {
  override name = 'SchemaMismatch';
}

/**
 * What the tables say of their own layout, in one item of config: the number of the schema, and how many shards a minute
 * of the due index has. Each process reads it once, before its first other call. Sweep writes it at its first run, and
 * reads it at each: the number of shards is only ever raised, so no process that started earlier writes to a shard that
 * sweep does not read.
 */
export class StoredSchema {
  readonly #config: DocumentTable;
  readonly #wantedShards: number;
  #dueShards: Promise<number> | undefined;

  /**
   * @param config a table that does not itself wait for this check
   * @param wantedShards raises the stored number, if that is lower
   */
  constructor(config: DocumentTable, wantedShards: number) {
    this.#config = config;
    this.#wantedShards = wantedShards;
  }

  /**
   * The shards that this process writes to. A read that failed is repeated by the next call.
   * @throws SchemaMismatch, ServiceFault
   */
  dueShards(): Promise<number> {
    this.#dueShards ??= this.#readOnce();
    return this.#dueShards;
  }

  async #readOnce(): Promise<number> {
    try {
      return await this.knownDueShards();
    } catch (cause) {
      this.#dueShards = undefined;
      throw cause;
    }
  }

  /** The shards that any process may have written to: read now. */
  async knownDueShards(): Promise<number> {
    return (await this.#read()) ?? FIRST_DUE_SHARDS;
  }

  /** {@link knownDueShards}, raised to the wanted number. */
  async raisedDueShards(): Promise<number> {
    const stored = await this.#read();
    if (stored !== undefined && stored >= this.#wantedShards) return stored;
    const change = {
      text: 'SET #schema = if_not_exists(#schema, :schema), #due_shards = :shards',
      values: { ':schema': SCHEMA, ':shards': this.#wantedShards },
    };
    const fewer = { text: 'attribute_not_exists(#due_shards) OR #due_shards < :shards' };
    await this.#config.updateIf(SCHEMA_KEY, change, fewer);
    // Another process may have raised it further meanwhile.
    return (await this.#read()) ?? this.#wantedShards;
  }

  /** Undefined until sweep has run for the first time. */
  async #read(): Promise<number | undefined> {
    const item = await this.#config.get(SCHEMA_KEY);
    check(item, this.#config.name);
    return item && Number(item.due_shards);
  }
}

function check(item: Item | undefined, table: string): void {
  const found = item?.schema;
  if (found === undefined || found === SCHEMA) return;
  const remedy = Number(found) > SCHEMA ? 'the version that wrote them, or a newer one' : 'the version that wrote them';
  throw new SchemaMismatch(
    `The tables of ${table} have schema ${String(found)}, this version of Postrider has schema ${SCHEMA}: deploy ${remedy}.`,
  );
}
