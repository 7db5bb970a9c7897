import { NUMBER_KEPT_MS, type NumberSequence, type NumberStore } from '../../../ports/number-store.ts';
import type { BatchReader } from '../access/batch-reader.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { numberKey, numberOfKey, numberSequenceKey, numbersPk } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';

/** Numbers that are given side by side. */
const PARALLEL = 16;
const IF_ABSENT = { text: 'attribute_not_exists(#pk)' };

/**
 * Two items a number, one for each direction. The one by number is written first: after a crash in between, or a lost
 * race, a number that was never shown leads to the right thing, and none that was shown leads nowhere.
 */
export class DynamoNumberStore implements NumberStore {
  readonly #config: DocumentTable;
  readonly #batches: BatchReader;
  readonly #lifetime: Lifetime;

  constructor(config: DocumentTable, batches: BatchReader, lifetime: Lifetime) {
    this.#config = config;
    this.#batches = batches;
    this.#lifetime = lifetime;
  }

  async numbersOf(sequence: NumberSequence, ids: readonly string[]): Promise<number[]> {
    const table = this.#config.name;
    const wanted = ids.map((id) => ({ table, ...numberOfKey(sequence, id) }));
    const items = ids.length === 0 ? [] : await this.#batches.read(wanted, { consistentIn: [table] });
    const numbers = new Map(ids.map((id, n) => [id, items[n] && Number(items[n].number)]));
    const without = [...numbers.keys()].filter((id) => numbers.get(id) === undefined);
    const given = await this.#giveAll(sequence, without);
    for (const [n, id] of without.entries()) numbers.set(id, given[n]);
    return ids.map((id) => numbers.get(id) as number);
  }

  async find(sequence: NumberSequence, number: number): Promise<string | undefined> {
    const item = this.#lifetime.unexpired(await this.#config.get(numberKey(sequence, number)));
    return item && (item.id as string);
  }

  async keep(sequence: NumberSequence, id: string, number: number): Promise<boolean> {
    const known = await this.#config.get(numberOfKey(sequence, id));
    if (known) return Number(known.number) === number;
    // Before the number is there, so that nobody is given it meanwhile.
    await this.#config.updateIf(
      numberSequenceKey(sequence),
      { text: 'SET #last = :number', values: { ':number': number } },
      { text: 'attribute_not_exists(#last) OR #last < :number' },
    );
    if (!(await this.#claim(sequence, id, number))) return false;
    if ((await this.#assign(sequence, id, number)) === number) return true;
    await this.#config.deleteIf(numberKey(sequence, number), { text: '#id = :id', values: { ':id': id } });
    return false;
  }

  async latest(sequence: NumberSequence, limit: number): Promise<string[]> {
    const { items } = await this.#config.queryPage({
      keys: { text: '#pk = :pk', values: { ':pk': numbersPk(sequence) } },
      order: 'descending',
      pageSize: limit,
      consistent: true,
    });
    return items.filter((item) => this.#lifetime.unexpired(item)).map(({ id }) => id as string);
  }

  /** A range of numbers in the order of the ids, taken by one write. */
  async #giveAll(sequence: NumberSequence, ids: readonly string[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const next = { text: 'ADD #last :count', values: { ':count': ids.length } };
    const first = Number((await this.#config.updateIf(numberSequenceKey(sequence), next))?.last) - ids.length + 1;
    const given: number[] = [];
    for (let start = 0; start < ids.length; start += PARALLEL) {
      const some = ids.slice(start, start + PARALLEL);
      given.push(...(await Promise.all(some.map((id, n) => this.#give(sequence, id, first + start + n)))));
    }
    return given;
  }

  /** Another number than the one that is wanted, when somebody has kept that one meanwhile. */
  async #give(sequence: NumberSequence, id: string, wanted: number): Promise<number> {
    if (await this.#claim(sequence, id, wanted)) return this.#assign(sequence, id, wanted);
    const [other] = await this.#giveAll(sequence, [id]);
    return other as number;
  }

  /** False when the number is another's. */
  async #claim(sequence: NumberSequence, id: string, number: number): Promise<boolean> {
    const item = { ...numberKey(sequence, number), id, ...this.#expiry(sequence) };
    const isOwn = { text: 'attribute_not_exists(#pk) OR #id = :id', values: { ':id': id } };
    return this.#config.putIf(item, isOwn);
  }

  /** @returns the number that it has then: another one, when somebody else was first */
  async #assign(sequence: NumberSequence, id: string, number: number): Promise<number> {
    const key = numberOfKey(sequence, id);
    if (await this.#config.putIf({ ...key, number, ...this.#expiry(sequence) }, IF_ABSENT)) return number;
    return Number((await this.#config.get(key))?.number);
  }

  #expiry({ kind }: NumberSequence) {
    return kind === 'delivery' ? this.#lifetime.expiry(this.#lifetime.now() + NUMBER_KEPT_MS) : {};
  }
}
