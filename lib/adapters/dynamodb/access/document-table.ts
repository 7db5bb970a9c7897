import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { Item, ItemKey } from './item.ts';
import { asFault } from './service-fault.ts';

/** An expression, in which `#word` is the attribute `word` (in a map: `#map.#word`), and the values of its `:word`s. */
export interface Expression {
  text: string;
  values?: Readonly<Record<string, unknown>>;
}

export interface QuerySpec {
  index?: string;
  /** The condition on the keys. */
  keys: Expression;
  order?: 'ascending' | 'descending';
  /** Items per request: 1 or more. */
  pageSize: number;
  /** Not for an index, which is always read eventually consistently. */
  consistent?: boolean;
  startAfter?: ItemKey | Readonly<Record<string, unknown>>;
}

export interface QueryPage {
  items: Item[];
  /** Where the next page starts after; absent on the last. */
  lastKey?: Record<string, unknown>;
}

const LARGEST_GROWN_PAGE = 500;

/** One table, with the few single-item calls that the stores need. No transactions. */
export class DocumentTable {
  readonly name: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #ready: () => Promise<unknown>;

  /** @param ready what every call waits for; default nothing */
  constructor(client: DynamoDBDocumentClient, name: string, ready: () => Promise<unknown> = async () => undefined) {
    this.#client = client;
    this.name = name;
    this.#ready = ready;
  }

  async #call<T>(what: string, call: () => Promise<T>): Promise<T> {
    await this.#ready();
    return asFault(what, call);
  }

  /** Consistent. */
  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: this.name, Key: { pk, sk }, ConsistentRead: true });
    const { Item: item } = await this.#call('GetItem', () => this.#client.send(command));
    return item as Item | undefined;
  }

  async put(item: Item): Promise<void> {
    const command = new PutCommand({ TableName: this.name, Item: item });
    await this.#call('PutItem', () => this.#client.send(command));
  }

  /** False when the stored item does not meet the condition. */
  putIf(item: Item, condition: Expression): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.name,
      Item: item,
      ConditionExpression: condition.text,
      ...placeholders([condition]),
    });
    return this.#call('PutItem', async () => {
      try {
        await this.#client.send(command);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException)
          return this.#isOwnEarlierWrite(error, item, (stored) => stored, item);
        throw error;
      }
    });
  }

  /**
   * {@link putIf} for one attribute of an item; the others stay, but those of `beside`, of which the undefined are removed.
   * Creates the item if there is none.
   */
  setIf(
    key: ItemKey,
    attribute: string,
    value: object,
    condition: Expression,
    beside: Readonly<Record<string, string | undefined>> = {},
  ): Promise<boolean> {
    const change = changeOf(attribute, value, beside);
    const command = new UpdateCommand(this.#update(key, change, condition));
    return this.#call('UpdateItem', async () => {
      try {
        await this.#client.send(command);
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return this.#isOwnEarlierWrite(error, key, (stored) => stored?.[attribute], value);
      }
    });
  }

  async delete({ pk, sk }: ItemKey): Promise<void> {
    const command = new DeleteCommand({ TableName: this.name, Key: { pk, sk } });
    await this.#call('DeleteItem', () => this.#client.send(command));
  }

  /** Those that a busy table left are deleted one by one, which waits for it. No more than 25: that is one request. */
  async deleteMany(keys: readonly ItemKey[]): Promise<void> {
    const requests = keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
    const command = new BatchWriteCommand({ RequestItems: { [this.name]: requests } });
    const { UnprocessedItems: left } = await this.#call('BatchWriteItem', () => this.#client.send(command));
    for (const { DeleteRequest: request } of left?.[this.name] ?? []) await this.delete(request?.Key as ItemKey);
  }

  /** Deletes nothing when the stored item does not meet the condition. */
  async deleteIf(key: ItemKey, condition: Expression): Promise<void> {
    const command = new DeleteCommand({
      TableName: this.name,
      Key: key,
      ConditionExpression: condition.text,
      ...placeholders([condition]),
    });
    await this.#call('DeleteItem', async () => {
      try {
        await this.#client.send(command);
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  /**
   * The item after the change; undefined when the stored item does not meet the condition.
   * @param isOwn after a retry of the SDK: does the stored item show that this very change took effect?
   */
  updateIf(
    key: ItemKey,
    change: Expression,
    condition?: Expression,
    isOwn?: (stored: Item) => boolean,
  ): Promise<Item | undefined> {
    const command = new UpdateCommand({ ...this.#update(key, change, condition), ReturnValues: 'ALL_NEW' });
    return this.#call('UpdateItem', async () => {
      try {
        return (await this.#client.send(command)).Attributes as Item;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const stored = isOwn && wasRetried(error) ? await this.get(key) : undefined;
        return stored && isOwn?.(stored) ? stored : undefined;
      }
    });
  }

  #update(key: ItemKey, change: Expression, condition: Expression | undefined): UpdateCommandInput {
    return {
      TableName: this.name,
      Key: key,
      UpdateExpression: change.text,
      ...(condition && { ConditionExpression: condition.text }),
      ...placeholders(condition ? [change, condition] : [change]),
    };
  }

  async queryPage(spec: QuerySpec): Promise<QueryPage> {
    const input: QueryCommandInput = {
      TableName: this.name,
      KeyConditionExpression: spec.keys.text,
      ...placeholders([spec.keys]),
      ScanIndexForward: spec.order !== 'descending',
      Limit: spec.pageSize,
      ...(spec.index !== undefined && { IndexName: spec.index }),
      ...(spec.consistent && { ConsistentRead: true }),
      ...(spec.startAfter && { ExclusiveStartKey: { ...spec.startAfter } }),
    };
    const output = await this.#call('Query', () => this.#client.send(new QueryCommand(input)));
    const items = (output.Items ?? []) as Item[];
    return output.LastEvaluatedKey ? { items, lastKey: output.LastEvaluatedKey } : { items };
  }

  /** All items of a query, page by page as the caller reads on. The pages grow. */
  async *query(spec: QuerySpec): AsyncGenerator<Item, void> {
    let { pageSize } = spec;
    let page = await this.queryPage(spec);
    yield* page.items;
    while (page.lastKey) {
      pageSize = Math.max(pageSize, Math.min(pageSize * 4, LARGEST_GROWN_PAGE));
      page = await this.queryPage({ ...spec, pageSize, startAfter: page.lastKey });
      yield* page.items;
    }
  }

  /**
   * The SDK retries a write whose response was lost, and the condition of the retry then fails because the first write took
   * effect. After a retry, a stored value that equals ours is therefore our own.
   */
  async #isOwnEarlierWrite(
    error: ConditionalCheckFailedException,
    key: ItemKey,
    part: (stored: Item | undefined) => unknown,
    written: object,
  ): Promise<boolean> {
    if (!wasRetried(error)) return false;
    return canonicalJson(part(await this.get(key))) === canonicalJson(written);
  }
}

function wasRetried({ $metadata: { attempts = 1 } }: ConditionalCheckFailedException): boolean {
  return attempts > 1;
}

/** Sets an attribute, and those beside it that have a value; removes those that have none. */
function changeOf(attribute: string, value: object, beside: Readonly<Record<string, string | undefined>>): Expression {
  const all = Object.entries(beside);
  const set = all.filter(([, text]) => text !== undefined);
  const removed = all.filter(([, text]) => text === undefined).map(([name]) => `#${name}`);
  const text = [`SET #${attribute} = :value`, ...set.map(([name]) => `#${name} = :${name}`)].join(', ');
  return {
    text: removed.length > 0 ? `${text} REMOVE ${removed.join(', ')}` : text,
    values: { ':value': value, ...Object.fromEntries(set.map(([name, one]) => [`:${name}`, one])) },
  };
}

function placeholders(expressions: readonly Expression[]) {
  const names = expressions.flatMap(({ text }) => [...text.matchAll(/#(\w+)/g)].map(([name, word]) => [name, word]));
  const values = Object.assign({}, ...expressions.map((expression) => expression.values)) as Record<string, unknown>;
  return {
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string> }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
