import { createDocumentClient } from '../lib/adapters/dynamodb/access/client.ts';
import { CONFIG_TABLE, LOG_TABLE } from '../lib/adapters/dynamodb/layout/tables.ts';
import { openDynamoStore } from '../lib/adapters/dynamodb/store.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../lib/adapters/system/system-random.ts';
import type { Endpoint } from '../lib/domain/endpoint.ts';
import { newId } from '../lib/domain/ids.ts';
import { chooseShard } from '../lib/domain/subscription-shards.ts';
import { changeStatus } from '../lib/pipeline/endpoints/change-status.ts';
import { updateEndpoint } from '../lib/pipeline/endpoints/update.ts';
import { createIngest } from '../lib/pipeline/ingest/ingest.ts';
import { createTables, startDynamo } from '../test/support/aws-emulators.ts';
import { NOWHERE } from './nowhere.ts';
import { CallMeter } from './call-meter.ts';
import { totalOf } from './call-table.ts';
import { quantile } from './quantiles.ts';

const SIZES = [5, 100, 1_000, 10_000];
const WRITTEN_AT_ONCE = 10;
const POSTS_A_SECOND = 50;
const STORMS = [
  { name: '100 trips a second', changes: 100, change: 'trip' },
  { name: '10 edits of patterns a second', changes: 10, change: 'edit' },
] as const;

const silent = { info: () => {}, warn: () => {}, error: console.error };

type Bed = Awaited<ReturnType<typeof openBed>>;

/**
 * Read units and milliseconds of a post of a large tenant, over an emulator, while its endpoints change. One post
 * follows the other, with the changes of a fiftieth of a second between two, because the emulator is slow.
 * @param posts how many are measured in each storm
 */
export async function benchMatching(posts: number): Promise<void> {
  await using bed = await openBed();
  console.log(row(['endpoints', 'a post', 'first post', 'after an edit', 'reads of the first']));
  for (const size of SIZES) await benchSize(bed, size);
  const largest = SIZES.at(-1) as number;
  console.log(`\n${largest} endpoints, ${POSTS_A_SECOND} posts a second, ${posts} posts:`);
  for (const storm of STORMS) await benchStorm(bed, `tenant-${largest}`, storm, posts);
}

/** Tables, a metered store for ingest, and another one for those who change endpoints. */
async function openBed() {
  await using starting = new AsyncDisposableStack();
  const dynamo = await startDynamo();
  starting.defer(() => dynamo.stop());
  const tables = await createTables(dynamo.connection);
  starting.defer(() => tables.remove());
  const client = createDocumentClient({ ...dynamo.connection });
  starting.defer(() => client.destroy());
  const meter = new CallMeter({ [tables.names.config]: CONFIG_TABLE, [tables.names.log]: LOG_TABLE }, tables.client);
  meter.attachTo(client);
  const common = { tables: tables.names, clock: systemClock, random: systemRandom };
  const local = { clock: systemClock, random: systemRandom, log: silent, queues: NOWHERE };
  const running = starting.move();
  return {
    meter,
    changing: { ...openDynamoStore({ ...common, client: tables.client }), ...local },
    newIngest: () => createIngest({ ...openDynamoStore({ ...common, client }), ...local }),
    endpoints: new Map<string, Endpoint[]>(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function benchSize(bed: Bed, size: number): Promise<void> {
  const tenantId = `tenant-${size}`;
  const endpoints = await plant(bed, tenantId, size);
  const ingest = bed.newIngest();
  const first = await post(bed, ingest, tenantId);
  const known = await post(bed, ingest, tenantId);
  const { id } = endpoints[0] as Endpoint;
  await updateEndpoint(bed.changing, tenantId, id, { events: ['other.*'] });
  const edited = await post(bed, ingest, tenantId);
  const units = [known, first, edited].map(({ readUnits }) => `${readUnits} units`);
  console.log(row([size.toLocaleString('en'), ...units, `${first.calls}`]));
}

async function benchStorm(bed: Bed, tenantId: string, storm: (typeof STORMS)[number], posts: number): Promise<void> {
  const endpoints = bed.endpoints.get(tenantId) ?? [];
  const ingest = bed.newIngest();
  await post(bed, ingest, tenantId);
  let made = 0;
  const measured = [];
  for (let nth = 1; nth <= posts; nth += 1) {
    for (; made < (nth * storm.changes) / POSTS_A_SECOND; made += 1) {
      const { id } = endpoints[made + 1] as Endpoint;
      if (storm.change === 'trip') await changeStatus(bed.changing, tenantId, id, 'trip');
      else await updateEndpoint(bed.changing, tenantId, id, { events: [`edited-${made}.*`] });
    }
    measured.push(await post(bed, ingest, tenantId));
  }
  const units = measured.reduce((sum, { readUnits }) => sum + readUnits, 0) / posts;
  const ms = measured.map((one) => one.ms);
  const times = `p50 ${quantile(ms, 0.5).toFixed(1)} ms, p99 ${quantile(ms, 0.99).toFixed(1)} ms`;
  console.log(`  ${storm.name}: ${units.toFixed(1)} read units a post, ${times} (the emulator's)`);
}

async function post({ meter }: Bed, ingest: ReturnType<Bed['newIngest']>, tenantId: string) {
  meter.take();
  const startedAt = performance.now();
  await ingest({ tenantId, event: { type: 'type-1.done', data: '{}' } });
  const ms = performance.now() - startedAt;
  const reads = meter.take().counts.filter(({ readUnits }) => readUnits > 0);
  return { ms, readUnits: totalOf(reads, 'readUnits'), calls: totalOf(reads, 'calls') };
}

/** Writes endpoints as they are: a creation counts the others. */
async function plant({ changing, endpoints }: Bed, tenantId: string, size: number): Promise<Endpoint[]> {
  const ids = { now: () => systemClock.now(), fraction: () => systemRandom.fraction() };
  const all = Array.from({ length: size }, (_, nth) => endpointOf(tenantId, newId('ep', ids), nth));
  for (let start = 0; start < size; start += WRITTEN_AT_ONCE) {
    await Promise.all(
      all.slice(start, start + WRITTEN_AT_ONCE).map(async (endpoint) => {
        const { id, events, shard = 0, generation } = endpoint;
        await changing.endpoints.createUnlessExists(endpoint);
        await changing.subscriptions.putUnlessNewer({ tenantId, shard, id, generation }, { id, events });
      }),
    );
  }
  for (const shard of new Set(all.map((one) => one.shard ?? 0)))
    await changing.subscriptions.raiseShard(tenantId, shard);
  endpoints.set(tenantId, all);
  return all;
}

function endpointOf(tenantId: string, id: string, nth: number): Endpoint {
  return {
    tenantId,
    id,
    url: `https://customer-${nth}.example/hooks/of/some/length`,
    label: `Endpoint ${nth}`,
    dialect: 'standard',
    status: 'active',
    shard: chooseShard(nth, systemRandom.fraction()),
    generation: 1,
    secrets: [{ sealed: 'x'.repeat(120), createdAt: 1 }],
    events: [`type-${nth}.*`, 'task.completed'],
    retry: { preset: 'standard' },
    timeoutSeconds: 10,
    createdAt: 1,
    updatedAt: 1,
  };
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(20)).join('');
}
