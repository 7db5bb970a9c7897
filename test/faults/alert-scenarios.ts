import { expect } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { OPERATIONAL_TYPES } from '../../lib/domain/operational-event.ts';
import { disableEndpoint, pauseEndpoint, resumeEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { toldTo } from '../support/alerts.ts';
import { Outbox } from '../support/outbox.ts';
import { TENANT, type World } from '../support/world.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;

/** What the first endpoint was told, by type: it asks for operational events alone. */
function typesTold(world: World, endpoints: readonly Endpoint[]): string[] {
  return toldTo(world, endpoints[0]?.url ?? '').map(({ type }) => type);
}

const mailed = new WeakMap<World, Outbox>();

/** Its deployment sends mail, and its tenant has confirmed an address. */
async function confirmAddress(world: World): Promise<void> {
  const outbox = new Outbox();
  mailed.set(world, outbox);
  world.ports.mailer = outbox;
  await world.store.alertAddresses.replaceIfVersion(
    {
      tenantId: TENANT,
      address: 'ops@example.com',
      types: OPERATIONAL_TYPES,
      confirmedAt: 1,
      askedAt: [],
      version: '1',
    },
    undefined,
  );
}

/** Invariant 22, wherever the process dies. */
export const alertScenarios: Scenario[] = [
  {
    name: 'an endpoint that is paused, resumed and disabled, and whose owner is told',
    prepare: async (world) => [
      await world.endpointAnswering(200, { events: ['postrider.*'] }),
      await world.endpointAnswering(200),
    ],
    async *work(world, process, [, endpoint]) {
      const { id } = endpoint as Endpoint;
      // What a second process is asked again may be done already.
      const { status } = (await world.store.endpoints.get(TENANT, id)) as Endpoint;
      if (status === 'active') await pauseEndpoint(process.ports, TENANT, id);
      if (status !== 'disabled') await resumeEndpoint(process.ports, TENANT, id, 'release');
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, HOUR);
      await disableEndpoint(process.ports, TENANT, id);
      await world.run(process, HOUR);
    },
    async expectAfter(world, endpoints) {
      const types = new Set(typesTold(world, endpoints));
      for (const what of ['paused', 'resumed', 'disabled'] as const)
        expect(types, what).toContain(`postrider.endpoint.${what}`);
    },
  },
  {
    name: 'an exhausted delivery whose owner is told',
    prepare: async (world) => [
      await world.endpointAnswering(200, { events: ['postrider.*'] }),
      await world.endpointAnswering(500, { retry: { delays: [5] } }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world, endpoints) {
      const told = toldTo(world, endpoints[0]?.url ?? '');
      expect(told.map(({ type, data }) => [type, data['count']])).toEqual([['postrider.delivery.exhausted', 1]]);
    },
  },
  {
    name: 'an exhausted delivery that the tenant’s address is mailed of',
    prepare: async (world) => {
      await confirmAddress(world);
      return [await world.endpointAnswering(500, { retry: { delays: [5] } })];
    },
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 3 * HOUR);
    },
    async expectAfter(world) {
      const { mails = [] } = mailed.get(world) ?? {};
      expect(new Set(mails.map(({ id }) => id)).size).toBe(1);
      expect(mails.length).toBeLessThanOrEqual(2);
    },
  },
];
