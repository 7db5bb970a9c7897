import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableDescription } from '../lib/adapters/dynamodb/layout/tables.ts';
import { type StoredItem, indexWriteUnits } from './index-writes.ts';

/** Calls of one operation by one function. */
export interface CallCount {
  /** Who called: a function, or what stands in front of it. */
  by: string;
  /** `DynamoDB PutItem`. */
  operation: string;
  calls: number;
  /** Of the bodies. */
  bytesSent: number;
  bytesReceived: number;
  writeUnits: number;
  readUnits: number;
}

type Body = Record<string, unknown> & { TableName?: string; Item?: StoredItem; Key?: StoredItem };
type Output = { ConsumedCapacity?: Units | Units[] };
interface Units {
  CapacityUnits?: number;
}
interface WireRequest {
  headers: Record<string, string>;
  body?: string | Uint8Array;
}
interface WireResponse {
  headers?: Record<string, string>;
}
type AnyClient = DynamoDBDocumentClient | SQSClient | KMSClient;

const SERVICES: Record<string, string> = { DynamoDB_20120810: 'DynamoDB', AmazonSQS: 'SQS', TrentService: 'KMS' };
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
/** What the meter adds to a request, so that DynamoDB returns its cost. */
const ASKING = { ReturnConsumedCapacity: 'TOTAL' };
const ASKING_BYTES = JSON.stringify(ASKING).length - 1;

/**
 * Counts the calls of SDK clients, with a middleware in each. Additions to usage are counted by themselves: how many there
 * are depends on the time between invocations.
 */
export class CallMeter {
  /** The caller from now on. */
  by = '';
  #counts = new Map<string, CallCount>();
  #usage = new Map<string, CallCount>();
  #failed: string[] = [];
  readonly #tables: Readonly<Record<string, TableDescription>>;
  readonly #reader: DynamoDBDocumentClient;

  /**
   * @param tables by name
   * @param reader an uncounted client, which reads items before and after they are written
   */
  constructor(tables: Readonly<Record<string, TableDescription>>, reader: DynamoDBDocumentClient) {
    this.#tables = tables;
    this.#reader = reader;
  }

  /** Forgets what was counted so far, failed calls too: of what is not measured. */
  restart(): void {
    this.#failed = [];
    this.#counts = new Map();
    this.#usage = new Map();
  }

  /**
   * Returns the counts since the last call, additions to usage apart, and starts again at zero.
   * @throws Error when a call has failed
   */
  take(): { counts: CallCount[]; usage: CallCount[] } {
    if (this.#failed.length > 0) throw new Error(`calls failed: ${this.#failed.join(', ')}`);
    const taken = { counts: [...this.#counts.values()], usage: [...this.#usage.values()] };
    this.restart();
    return taken;
  }

  attachTo(client: AnyClient): void {
    const stack = client.middlewareStack as SQSClient['middlewareStack'];
    // The other services have no such field, and the SDK drops unknown fields.
    stack.add((next) => (args) => next({ ...args, input: { ...args.input, ...ASKING } }), { step: 'initialize' });
    stack.add(
      (next) => async (args) => {
        const request = args.request as WireRequest;
        const write = await this.#beforeWrite(request);
        const result = await next(args).catch((error: unknown) => this.#note(request, error));
        const response = result.response as WireResponse;
        this.#count(request, response, result.output as Output, await write?.units());
        return result;
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
  }

  /** DynamoDB does not report the cost of a refused write, so a measurement with one would be wrong. */
  #note(request: WireRequest, error: unknown): never {
    this.#failed.push(operationOf(request).join('.'));
    throw error;
  }

  #count(request: WireRequest, response: WireResponse, output: Output, indexUnits: number | undefined): void {
    const [service, operation] = operationOf(request);
    const name = `${SERVICES[service] ?? service} ${operation}`;
    const key = `${this.by} ${name}`;
    const counts = isUsage(request) ? this.#usage : this.#counts;
    const count = counts.get(key) ?? emptyCount(this.by, name);
    const units = unitsOf(output);
    const asking = SERVICES[service] === 'DynamoDB' ? ASKING_BYTES : 0;
    counts.set(key, {
      ...count,
      calls: count.calls + 1,
      bytesSent: count.bytesSent + textOf(request).length - asking,
      bytesReceived: count.bytesReceived + Number(response.headers?.['content-length'] ?? 0),
      writeUnits: count.writeUnits + (WRITES.has(operation) ? units + (indexUnits ?? 0) : 0),
      readUnits: count.readUnits + (WRITES.has(operation) ? 0 : units),
    });
  }

  /** For a write: a function that returns, afterwards, its units in the table's indexes. */
  async #beforeWrite(request: WireRequest): Promise<{ units(): Promise<number> } | undefined> {
    const [, operation] = operationOf(request);
    if (!WRITES.has(operation)) return undefined;
    const { TableName = '', Item, Key } = JSON.parse(textOf(request).toString()) as Body;
    const table = this.#tables[TableName];
    const item = Key ?? Item;
    if (!table || !item) return undefined;
    const names = [table.partitionKey.name, table.sortKey.name];
    const key = Object.fromEntries(names.map((name) => [name, item[name] as AttributeValue]));
    const read = async () => (await this.#reader.send(new GetItemCommand({ TableName, Key: key }))).Item;
    const before = await read();
    return { units: async () => indexWriteUnits(table.indexes, before, await read()) };
  }
}

/** The SDK passes a text or its bytes. */
function textOf({ body = '' }: WireRequest): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(new TextDecoder().decode(body));
}

function operationOf({ headers }: WireRequest): [string, string] {
  const [service = '', operation = ''] = (headers['x-amz-target'] ?? '').split('.');
  return [service, operation];
}

function unitsOf({ ConsumedCapacity = [] }: Output): number {
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

function emptyCount(by: string, operation: string): CallCount {
  return { by, operation, calls: 0, bytesSent: 0, bytesReceived: 0, writeUnits: 0, readUnits: 0 };
}

function isUsage(request: WireRequest): boolean {
  return operationOf(request)[1] === 'UpdateItem' && /"pk":\{"S":"USAGE#/.test(textOf(request).toString());
}
