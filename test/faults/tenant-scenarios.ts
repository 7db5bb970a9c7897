import { expect } from 'vitest';
import { eraseTenant } from '../../lib/pipeline/manual/erase-tenant.ts';
import { startReseal } from '../../lib/pipeline/manual/reseal.ts';
import { furnish, leftOf } from '../pipeline/erasure/furnished-tenant.ts';
import { MonthlyKeys, enrol, sealedOf } from '../support/monthly-keys.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;
const ERASED = 'org_erased';

/** The wrapped data key that a sealed text names. */
const keyOf = (sealed: string) => sealed.split('.')[1];

async function sealedTexts(world: World): Promise<string[]> {
  const { endpoints } = await world.store.endpoints.page(TENANT, undefined, 10);
  const factors = await Promise.all([TENANT, undefined].map((owner) => world.store.factors.get(owner)));
  return [...endpoints.flatMap(sealedOf), ...factors.map((factor) => factor?.sealedSecret ?? '')];
}

/** What the platform does to a tenant. */
export const tenantScenarios: Scenario[] = [
  {
    name: 'an erasing of another tenant',
    prepare: async (world) => {
      await furnish(world, world.process(), ERASED);
      return [await world.endpointAnswering(200)];
    },
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await eraseTenant(process.ports, ERASED);
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const tombstone = await world.store.tenants.get(ERASED);
      const job = await world.store.jobs.get(ERASED, tombstone?.erasure?.jobId ?? '');
      expect(job).toMatchObject({ kind: 'erase-tenant', status: 'done' });
      expect(await leftOf(world.ports, ERASED, [])).toEqual([]);
      expect(await world.store.subscriptions.tenant(ERASED)).toEqual({ shards: new Map(), isErased: true });
    },
  },
  {
    name: 'a reseal of secrets',
    prepare: async (world) => {
      const keys = new MonthlyKeys(world);
      const sealed = { headers: { 'x-own': 'value' }, asymmetricSigning: true };
      const endpoints = [await world.endpointAnswering(200, sealed), await world.endpointAnswering(200)];
      await enrol(world.ports, TENANT, 'totp');
      await enrol(world.ports, undefined, 'totp');
      await keys.nextMonth();
      return endpoints;
    },
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await startReseal(process.ports, TENANT);
      await world.run(process, HOUR);
    },
    async expectAfter(world) {
      const newest = keyOf(await world.ports.secrets.seal('x', 'x'));
      const texts = await sealedTexts(world);
      expect(texts).toHaveLength(6);
      for (const text of texts) expect(keyOf(text)).toBe(newest);
    },
  },
];
