import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../../lib/adapters/dynamodb/access/client.ts';
import { DocumentTable } from '../../../lib/adapters/dynamodb/access/document-table.ts';
import { type DynamoStore, openDynamoStore } from '../../../lib/adapters/dynamodb/store.ts';
import { DynamoSubscriptionStore } from '../../../lib/adapters/dynamodb/stores/subscription-store.ts';
import { Lifetime } from '../../../lib/adapters/dynamodb/layout/lifetime.ts';
import { HOT_ITEM_COPIES, everyShard } from '../../../lib/adapters/dynamodb/layout/shards.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { parseDeliveryId } from '../../../lib/domain/ids.ts';
import { DEFAULT_LOG_TTL_MS } from '../../../lib/domain/log-lifetime.ts';
import { planted } from '../../support/records.ts';
import type { PhysicalIds, Template } from '../calls/template-rights.ts';
import type { Deployment } from '../cloud/deployment.ts';
import { ROOT_CREDENTIALS } from '../cloud/emulator.ts';
import { type StackPlace, aws, readPhysicalIds, readTemplate } from '../cloud/stack.ts';

export const ROOT = {
  region: ROOT_CREDENTIALS.AWS_REGION,
  credentials: {
    accessKeyId: ROOT_CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: ROOT_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  },
};

/** The stores in the tables of the stack; and `config` itself, for what no store does. */
type StackTables = DynamoStore & { config: DocumentTable } & Disposable;

/** The tables of the stack, read and written as the root of the account may: what has happened in them can be staged. */
export function openTables({ outputs, proxyUrl }: Pick<Deployment, 'outputs' | 'proxyUrl'>): StackTables {
  const client = createDocumentClient({ endpoint: proxyUrl, ...ROOT });
  const tables = { config: outputs.ConfigTableName ?? '', log: outputs.LogTableName ?? '' };
  const store = openDynamoStore({ client, tables, clock: systemClock, random: systemRandom });
  return { ...store, config: new DocumentTable(client, tables.config), [Symbol.dispose]: () => client.destroy() };
}

/** @param now milliseconds since the Unix epoch */
function lifetimeAt(now: () => number): Lifetime {
  return new Lifetime({ ...systemClock, now }, DEFAULT_LOG_TTL_MS);
}

/** What each copy of a tenant's settings has. */
export function quotasOf(
  { outputs, proxyUrl }: Pick<Deployment, 'outputs' | 'proxyUrl'>,
  tenantId: string,
): Promise<(number | undefined)[]> {
  const client = createDocumentClient({ endpoint: proxyUrl, ...ROOT });
  const table = new DocumentTable(client, outputs.ConfigTableName ?? '');
  const lifetime = lifetimeAt(Date.now);
  const stores = everyShard(HOT_ITEM_COPIES).map((copy) => new DynamoSubscriptionStore(table, lifetime, copy));
  const read = stores.map(async (store) => (await store.tenant(tenantId)).eventsPerSecond);
  return Promise.all(read).finally(() => client.destroy());
}

/** A change of a tenant's quota, begun two minutes ago by a process that died after its second write. */
export async function beginQuota(
  { outputs, proxyUrl }: Pick<Deployment, 'outputs' | 'proxyUrl'>,
  tenantId: string,
  eventsPerSecond: number,
): Promise<void> {
  const client = createDocumentClient({ endpoint: proxyUrl, ...ROOT });
  let writes = 0;
  const send = (command: UpdateCommand) => {
    writes += 1;
    return writes > 2 ? Promise.reject(new Error('it has died')) : client.send(command);
  };
  const dying = new DocumentTable({ send } as unknown as typeof client, outputs.ConfigTableName ?? '');
  const store = new DynamoSubscriptionStore(
    dying,
    lifetimeAt(() => Date.now() - 120_000),
    0,
  );
  await store.setQuota(tenantId, eventsPerSecond).catch(() => undefined);
  client.destroy();
}

/** Writes a change into a delivery's record, as if the time for it had come. */
export async function stage(
  { deliveries }: DynamoStore,
  tenantId: string,
  deliveryId: string,
  change: Partial<Delivery>,
): Promise<void> {
  const key = parseDeliveryId(deliveryId, tenantId);
  for (;;) {
    const record = key && (await deliveries.get(key));
    if (!record) throw new Error(`There is no record of ${deliveryId}.`);
    if (await deliveries.writeUnlessSuperseded(planted({ ...record, ...change }))) return;
  }
}

/** Runs sweep now, as its rule does each minute. */
export async function sweepNow(stack: StackPlace): Promise<void> {
  const name = functionNamed(await readTemplate(stack), await readPhysicalIds(stack), 'Sweep');
  await aws(stack, 'lambda', 'invoke', '--function-name', name, '/dev/null');
}

/** Stops a queue's event source for as long as something is done. */
export async function whileNotConsumed(stack: StackPlace, queueUrl: string, work: () => Promise<void>): Promise<void> {
  const queue = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
  const all = (await aws(stack, 'lambda', 'list-event-source-mappings')) as {
    EventSourceMappings: { UUID: string; EventSourceArn: string }[];
  };
  const found = all.EventSourceMappings.find(({ EventSourceArn }) => EventSourceArn.endsWith(`:${queue}`));
  const update = (flag: string) =>
    aws(stack, 'lambda', 'update-event-source-mapping', '--uuid', found?.UUID ?? '', flag);
  await update('--no-enabled');
  try {
    await work();
  } finally {
    await update('--enabled');
  }
}

/** The name that a stage's function got, by the stage's construct in its logical id. */
function functionNamed({ Resources }: Template, physicalIds: PhysicalIds, stage: string): string {
  const [id] =
    Object.entries(Resources).find(
      ([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.includes(`${stage}Function`),
    ) ?? [];
  const name = physicalIds[id ?? ''];
  if (name === undefined) throw new Error(`The stack has no function of ${stage}.`);
  return name;
}
