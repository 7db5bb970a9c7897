import { BatchGetCommand, type BatchGetCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import type { Item, ItemKey } from './item.ts';
import { asFault, throttled } from './service-fault.ts';

/** The most keys of one BatchGetItem (API reference: BatchGetItem). */
const MAX_KEYS = 100;
/** How often unprocessed keys are requested again while no item comes, and the first pause. */
const MAX_FRUITLESS = 6;
const FIRST_PAUSE_MS = 50;

export interface Wanted extends ItemKey {
  table: string;
}

/** BatchGetItem sets the consistency of a read per table, not per key. */
export interface ReadOptions {
  consistentIn: readonly string[];
}

type RequestItems = NonNullable<BatchGetCommandOutput['UnprocessedKeys']>;

/** Reads many items by their keys, over both tables at once. */
export class BatchReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #clock: Clock;
  readonly #random: Pick<Random, 'fraction'>;
  readonly #ready: () => Promise<unknown>;

  /** @param ready what every read waits for */
  constructor(
    client: DynamoDBDocumentClient,
    clock: Clock,
    random: Pick<Random, 'fraction'>,
    ready: () => Promise<unknown>,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#ready = ready;
  }

  /**
   * In the order of the keys, which may repeat; undefined where there is no item. One request per 100 different keys.
   * @param options.consistentIn the tables that are read consistently; the others are read eventually consistently
   * @throws ServiceFault when keys stay unprocessed
   */
  async read(wanted: readonly Wanted[], options: ReadOptions): Promise<(Item | undefined)[]> {
    const different = [...new Map(wanted.map((one) => [identity(one), one])).values()];
    const chunks = Array.from({ length: Math.ceil(different.length / MAX_KEYS) }, (_, chunk) =>
      different.slice(chunk * MAX_KEYS, (chunk + 1) * MAX_KEYS),
    );
    await this.#ready();
    const found = new Map<string, Item>();
    await Promise.all(chunks.map((chunk) => this.#readChunk(requestFor(chunk, options), found)));
    return wanted.map((one) => found.get(identity(one)));
  }

  async #readChunk(request: RequestItems, found: Map<string, Item>): Promise<void> {
    let rest = request;
    for (let fruitless = 0; ;) {
      const command = new BatchGetCommand({ RequestItems: rest });
      const output = await asFault('BatchGetItem', () => this.#client.send(command));
      const gained = gather(output, found);
      rest = output.UnprocessedKeys ?? {};
      if (Object.keys(rest).length === 0) return;
      // More than 16 MB come in several responses, which is normal.
      fruitless = gained ? 0 : fruitless + 1;
      if (fruitless === MAX_FRUITLESS) throw throttled('BatchGetItem: keys stay unprocessed');
      await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** fruitless * (0.5 + this.#random.fraction() / 2));
    }
  }
}

function requestFor(chunk: readonly Wanted[], { consistentIn }: ReadOptions): RequestItems {
  const byTable = Object.groupBy(chunk, ({ table }) => table);
  return Object.fromEntries(
    Object.entries(byTable).map(([table, keys = []]) => [
      table,
      { Keys: keys.map(({ pk, sk }) => ({ pk, sk })), ...(consistentIn.includes(table) && { ConsistentRead: true }) },
    ]),
  );
}

/** Collects the items. @returns whether there were any */
function gather(output: BatchGetCommandOutput, found: Map<string, Item>): boolean {
  let gained = false;
  for (const [table, items] of Object.entries(output.Responses ?? {})) {
    for (const item of items as Item[]) {
      found.set(identity({ table, pk: item.pk, sk: item.sk }), item);
      gained = true;
    }
  }
  return gained;
}

function identity({ table, pk, sk }: Wanted): string {
  return JSON.stringify([table, pk, sk]);
}
