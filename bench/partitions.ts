import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../lib/adapters/dynamodb/access/client.ts';
import { openDynamoStore } from '../lib/adapters/dynamodb/store.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { writeDeliveryMessage } from '../lib/domain/message.ts';
import { createDispatch } from '../lib/pipeline/dispatch/dispatch.ts';
import { createEndpoint } from '../lib/pipeline/endpoints/create.ts';
import { createIngest } from '../lib/pipeline/ingest/ingest.ts';
import { DEFAULT_SETTINGS } from '../lib/pipeline/settings.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { createTables, startDynamo } from '../test/support/aws-emulators.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { NOWHERE } from './nowhere.ts';

const TENANT = 'tenant';
const A_SECOND = 3_000;
/** How many instances of each function share the load: 3,000 a second of 20 ms each. */
const INSTANCES = 60;
const EVENTS = 600;
const ENDPOINTS = 40;

/** Units a second of the busiest partition key of a kind. */
export interface Hottest {
  /** What its keys begin with: `META`. */
  kind: string;
  reads: number;
  writes: number;
}

/** How many events a post has, and how many messages a batch of dispatch. */
export interface Shape {
  eventsAPost: number;
  messagesABatch: number;
}

/**
 * Counts the units that 3,000 events a second of one tenant take from each partition key, over an emulator: 600 are
 * posted and delivered, each by the next one of 60 instances. Items are below 4 KB to read and 1 KB to write. A count of
 * the quota is not multiplied: the clock stands still, and each instance settles it once a second.
 */
export async function measurePartitions({ eventsAPost, messagesABatch }: Shape): Promise<Hottest[]> {
  await using cleanup = new AsyncDisposableStack();
  const dynamo = await startDynamo();
  cleanup.defer(() => dynamo.stop());
  const tables = await createTables(dynamo.connection, dynamo.direct);
  cleanup.defer(() => tables.remove());
  const client = createDocumentClient({ ...dynamo.connection, ...dynamo.direct });
  cleanup.defer(() => client.destroy());
  const clock = new VirtualClock(systemClock.now());
  const portsOf = (instance: number, over: DynamoDBDocumentClient): Ports => {
    const random = new SeededRandom(instance);
    const store = openDynamoStore({ client: over, tables: tables.names, clock, random });
    return { ...store, ...AROUND, clock, random };
  };
  const setUp = portsOf(0, tables.client);
  await setUp.subscriptions.setQuota(TENANT, 1_000_000);
  for (let nth = 0; nth < ENDPOINTS; nth += 1) await createEndpoint(setUp, TENANT, endpointOf(nth), ENDPOINTS);
  const instances = Array.from({ length: INSTANCES }, (_, nth) => instanceOf(portsOf(nth + 1, client)));
  // Everything warm.
  for (const { ingest } of instances) await ingest(eventOf(0));

  const units = new Map<string, Hottest>();
  countPartitions(client, units);
  await clock.advance(1000);
  const ids: string[] = [];
  for (let posted = 0; posted < EVENTS; posted += eventsAPost) {
    const { ingest } = instances[(posted / eventsAPost) % INSTANCES] as Instance;
    const requests = Array.from({ length: eventsAPost }, (_, nth) => eventOf(posted + nth));
    const answers = await ingest.batch(requests);
    for (const answer of answers) {
      if ('error' in answer) throw answer.error;
      ids.push(answer.id);
    }
  }
  const endpointIds = (await setUp.endpoints.page(TENANT, undefined, ENDPOINTS)).endpoints.map(({ id }) => id);
  for (let sent = 0; sent < EVENTS; sent += messagesABatch) {
    const { dispatch } = instances[(sent / messagesABatch) % INSTANCES] as Instance;
    const messages = ids.slice(sent, sent + messagesABatch).map((eventId, nth) => {
      const endpointId = endpointIds[(sent + nth) % ENDPOINTS] as string;
      const body = writeDeliveryMessage({ tenantId: TENANT, endpointId, eventId, ordinal: 0, epoch: 0 });
      return { messageId: eventId, receiptHandle: eventId, body, group: TENANT, receiveCount: 1, sentAt: clock.now() };
    });
    const kept = await dispatch({ queue: 'deliveries', messages, deadline: clock.now() + 60_000 });
    if (kept.length > 0) throw new Error('not every delivery was made');
  }
  return hottestOf(units);
}

type Instance = ReturnType<typeof instanceOf>;

function instanceOf(ports: Ports) {
  return { ingest: createIngest(ports), dispatch: createDispatch(ports, DEFAULT_SETTINGS) };
}

const AROUND = {
  log: { info: () => {}, warn: () => {}, error: console.error },
  secrets: {
    seal: async (text: string) => text,
    open: async (sealed: string) => sealed,
    reseal: async () => undefined,
  },
  sender: { send: async () => ({ kind: 'answer' as const, statusCode: 200, durationMs: 1, body: new Uint8Array() }) },
  queues: NOWHERE,
};

function endpointOf(nth: number) {
  const events = [`type-${nth}.*`];
  return { url: `https://customer-${nth}.example`, events, dialect: 'standard', timeoutSeconds: 10 };
}

function eventOf(nth: number) {
  return { tenantId: TENANT, event: { type: `type-${nth % ENDPOINTS}.done`, data: '{}' } };
}

interface Input {
  Key?: { pk: string };
  Item?: { pk: string };
  ConsistentRead?: boolean;
  RequestItems?: Record<string, { Keys?: { pk: string }[]; ConsistentRead?: boolean }>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** Notes the units of each request by its partition keys. */
function countPartitions(client: DynamoDBDocumentClient, units: Map<string, Hottest>): void {
  const note = (pk: string, reads: number, writes: number) => {
    const known = units.get(pk) ?? { kind: pk.split('#')[0] ?? '', reads: 0, writes: 0 };
    units.set(pk, { ...known, reads: known.reads + reads, writes: known.writes + writes });
  };
  const half = (consistent: boolean | undefined) => (consistent ? 1 : 0.5);
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { Key, Item, RequestItems, ConsistentRead, ExpressionAttributeValues } = args.input as Input;
        const pk = Key?.pk ?? Item?.pk ?? (ExpressionAttributeValues?.[':pk'] as string | undefined);
        const isRead = /^(Get|Query)/.test(commandName);
        if (pk !== undefined) note(pk, isRead ? half(ConsistentRead) : 0, isRead ? 0 : 1);
        for (const table of Object.values(RequestItems ?? {})) {
          for (const key of table.Keys ?? []) note(key.pk, half(table.ConsistentRead), 0);
        }
        return next(args);
      },
    { step: 'initialize' },
  );
}

function hottestOf(units: ReadonlyMap<string, Hottest>): Hottest[] {
  const byKind = Object.values(Object.groupBy(units.values(), ({ kind }) => kind));
  return byKind.map((all = []) => {
    const { kind } = all[0] as Hottest;
    const scale = kind === 'QUOTA' ? 1 : A_SECOND / EVENTS;
    const most = (pick: (one: Hottest) => number) => Math.round(Math.max(...all.map(pick)) * scale);
    return { kind, reads: most(({ reads }) => reads), writes: most(({ writes }) => writes) };
  });
}

const SHAPES: readonly Shape[] = [
  { eventsAPost: 1, messagesABatch: 1 },
  { eventsAPost: 1, messagesABatch: 10 },
  { eventsAPost: 100, messagesABatch: 10 },
];

export async function benchPartitions(): Promise<void> {
  for (const shape of SHAPES) {
    console.log(
      `${A_SECOND} events a second, ${shape.eventsAPost} a post, ${shape.messagesABatch} a batch of dispatch`,
    );
    for (const { kind, reads, writes } of await measurePartitions(shape)) {
      console.log(
        `  ${kind.padEnd(14)}${String(reads).padStart(6)} read units${String(writes).padStart(6)} write units`,
      );
    }
  }
}
