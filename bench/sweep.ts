import { type SqliteStore, openSqliteStore } from '../lib/adapters/sqlite/store.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { dynamoClientConfig } from '../lib/adapters/dynamodb/access/client.ts';
import { type Delivery, newRecord } from '../lib/domain/delivery.ts';
import { newId } from '../lib/domain/ids.ts';
import { systemRandom } from '../lib/adapters/system/system-random.ts';
import { sweep } from '../lib/pipeline/sweep/sweep.ts';
import type { DueEntry, DueIndex } from '../lib/ports/due-index.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { planted } from '../test/support/records.ts';

/** As bench/prices.ts assumes of AWS. */
const DYNAMODB_MS = 5;
const SQS_MS = 10;
const MINUTE = 60_000;
const BACKLOG_MINUTES = 60;
const SHARDS = [1, 4, 16] as const;
const PATIENCE_MS = 600_000;
/** A half is braked, and its brake released: sweep asks for the brakes. */
const BRAKED = { status: 'parked', statusReason: 'braked' } as const;

const silent = { info: () => {}, warn: () => {}, error: console.error };

/**
 * Sweeps a backlog of lost retries over SQLite in memory, with the answering times of DynamoDB and SQS put before each
 * call, and as many calls at once as the client has sockets. One shard is the single worker that sweep had been.
 */
export async function benchSweep(records: number): Promise<void> {
  console.log(`${records} overdue deliveries, ${DYNAMODB_MS} ms a call of DynamoDB, ${SQS_MS} ms a send`);
  console.log('shards   seconds   records/s   to one shard');
  let alone: number | undefined;
  for (const shards of SHARDS) {
    const seconds = await measure(records, shards);
    alone ??= seconds;
    const cells = [
      `${shards}`,
      seconds.toFixed(1),
      (records / seconds).toFixed(0),
      `${(alone / seconds).toFixed(1)} ×`,
    ];
    console.log(cells.map((cell, index) => cell.padStart([6, 10, 12, 15][index] ?? 0)).join(''));
  }
}

async function measure(records: number, shards: number): Promise<number> {
  const store = openSqliteStore({ path: ':memory:', clock: systemClock });
  const due = new SpreadIndex(shards, store.due);
  const now = systemClock.now();
  await due.raiseWatermark(Math.floor(now / MINUTE) - BACKLOG_MINUTES);
  for (let n = 0; n < records; n += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, nth) => lose(store, due, n + nth, now)));
  }
  const sockets = new Sockets(dynamoClientConfig.requestHandler.httpsAgent.maxSockets);
  const started = performance.now();
  const { resent } = await sweep(slow(store, due, sockets), now + PATIENCE_MS);
  const seconds = (performance.now() - started) / 1000;
  if (resent !== records) throw new Error(`${resent} of ${records} deliveries were sent again`);
  store.close();
  return seconds;
}

async function lose(store: SqliteStore, due: SpreadIndex, n: number, now: number): Promise<void> {
  const id = (prefix: 'ep' | 'evt') => newId(prefix, { now: () => now, fraction: () => systemRandom.fraction() });
  const key = { tenantId: 'bench', endpointId: id('ep'), eventId: id('evt'), ordinal: 0 };
  const checkAt = now - (n % BACKLOG_MINUTES) * MINUTE;
  const record = newRecord(undefined, key);
  const braked = n % 2 === 0 ? BRAKED : {};
  const overdue: Delivery = { ...record, epoch: 1, dueAt: checkAt, createdAt: checkAt, checkAt, ...braked };
  await store.deliveries.writeUnlessSuperseded(planted(overdue));
  due.add({ kind: 'delivery', key, checkAt }, n);
}

/** The entries of each shard of each minute, in memory. Entries stay: each minute is read once. */
class SpreadIndex implements DueIndex {
  readonly #shards: number;
  readonly #marks: DueIndex;
  readonly #entries = new Map<string, DueEntry[]>();

  constructor(shards: number, marks: DueIndex) {
    this.#shards = shards;
    this.#marks = marks;
  }

  add(entry: DueEntry, n: number): void {
    const place = `${Math.floor(entry.checkAt / MINUTE)}/${Math.floor(n / BACKLOG_MINUTES) % this.#shards}`;
    this.#entries.set(place, [...(this.#entries.get(place) ?? []), entry]);
  }

  shards = async () => this.#shards;
  raiseShards = this.shards;

  async page({ minute, shard }: { minute: number; shard: number }, cursor: string | undefined, limit: number) {
    const start = Number(cursor ?? 0);
    const all = this.#entries.get(`${minute}/${shard}`) ?? [];
    const entries = all.slice(start, start + limit);
    return start + limit < all.length ? { entries, next: `${start + limit}` } : { entries };
  }

  watermark = () => this.#marks.watermark();
  raiseWatermark = (minute: number) => this.#marks.raiseWatermark(minute);
  postpone = async () => undefined;
}

/** At most so many calls at once; the others wait. */
class Sockets {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async call<T>(ms: number, work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      await systemClock.sleep(ms);
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

function slow(store: SqliteStore, due: DueIndex, sockets: Sockets) {
  const dynamo = <T>(work: () => Promise<T>) => sockets.call(DYNAMODB_MS, work);
  const ports = {
    clock: systemClock,
    log: silent,
    brakes: store.brakes,
    jobs: store.jobs,
    subscriptions: store.subscriptions,
  };
  const deliveries = {
    getMany: (keys) => dynamo(() => store.deliveries.getMany(keys)),
    writeUnlessSuperseded: (record) => dynamo(() => store.deliveries.writeUnlessSuperseded(record)),
  } as Ports['deliveries'];
  const queues = {
    send: async (queue, messages) => {
      await systemClock.sleep(SQS_MS);
      await store.queues.send(queue, messages);
    },
  } as Ports['queues'];
  const index: DueIndex = {
    shards: () => dynamo(() => due.shards()),
    raiseShards: () => dynamo(() => due.raiseShards()),
    page: (place, cursor, limit) => dynamo(() => due.page(place, cursor, limit)),
    watermark: () => dynamo(() => due.watermark()),
    raiseWatermark: (minute) => dynamo(() => due.raiseWatermark(minute)),
    postpone: (entry, next) => due.postpone(entry, next),
  };
  return { ...ports, deliveries, queues, due: index };
}
