import { describe, expect, test } from 'vitest';
import { makeApiKey } from '../../../lib/api/auth/make-api-key.ts';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { writeDeliveryMessage } from '../../../lib/domain/message.ts';
import { rotateSecret } from '../../../lib/pipeline/endpoints/rotate-secret.ts';
import { eraseTenant } from '../../../lib/pipeline/manual/erase-tenant.ts';
import type { Process, World } from '../../support/world.ts';
import type { DumpedWorld, OpenDumped } from '../../support/dumped-world.ts';
import { endpointOf, furnish, leftOf, post } from './furnished-tenant.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const PASSES = 20 * MINUTE;
const ERASED = 'org_erased';
const OTHER = 'org_other';

/** What invariant 20 promises, on one backend. */
export function describeErasedTenant(name: string, open: OpenDumped): void {
  describe(`an erased tenant is gone, ${name}`, { timeout: 60_000 }, () => {
    const inWorld = async (work: (world: World, process: Process, opened: DumpedWorld) => Promise<void>) => {
      const opened = await open();
      const { world, close } = opened;
      try {
        await work(world, world.process(), opened);
      } finally {
        await close();
      }
    };

    test('nothing of it is in the stores when its job is done, and another tenant keeps all', () =>
      inWorld(async (world, process, { dump, placesOf }) => {
        const endpoints = await furnish(world, process, ERASED);
        const others = await furnish(world, process, OTHER);
        // The same fields of both: what is planted has arrived, and is looked for where it is.
        const canariesOf = (text: string, tenantId: string) =>
          new Set(
            [...text.matchAll(/canary-([a-z]+)(?:-\d+)?-of-org[_-](\w+)/g)]
              .filter(([, , whose]) => `org_${whose}` === tenantId)
              .map(([, what]) => what),
          );
        const before = await dump();
        const planted = canariesOf(before, ERASED);
        expect([...planted]).toEqual(
          expect.arrayContaining([
            'customer',
            'data',
            'answer',
            'external',
            'trace',
            'name',
            'key',
            'theme',
            'user',
            'factor',
            'totp',
            'type',
            'description',
            'label',
            'metadata',
            'token',
            'selection',
            'delivery',
            'idempotency',
            'entry',
            'consumer',
            'settled',
          ]),
        );
        const ofOther = canariesOf(before, OTHER);
        expect(ofOther).toEqual(planted);

        const job = await eraseTenant(process.ports, ERASED);
        await world.run(process, PASSES);
        // Claims that nothing leads to expire.
        await world.clock.advance(DAY);
        const done = await world.store.jobs.get(ERASED, job.id);
        expect(done).toMatchObject({
          status: 'done',
          removed: { apiKeys: 1, endpoints: 5, events: 3, eventTypes: 1 },
        });
        expect(done?.removed?.deliveries).toBeGreaterThanOrEqual(6);
        expect(done?.processed).toBe(Object.values(done?.removed ?? {}).reduce((sum, count) => sum + count, 0));
        expect(await leftOf(world.ports, ERASED, endpoints)).toEqual([]);

        const after = await dump();
        // Beside the tombstone and the job: claims, which expire, and a pointer in the queue exhausted.
        const allowed = new Set(['erased_tenants', 'jobs', 'messages', 'TENANTS', 'META', 'JOB', 'CLAIM']);
        expect((await placesOf(ERASED)).filter((place) => !allowed.has(place))).toEqual([]);
        const left = canariesOf(after, ERASED);
        left.delete('idempotency');
        expect([...left]).toEqual([]);
        expect(canariesOf(after, OTHER)).toEqual(ofOther);
        expect(await leftOf(world.ports, OTHER, others)).toEqual(
          expect.arrayContaining([
            'endpoints',
            'events',
            'deliveries',
            'keys',
            'factor',
            'types',
            'numbers',
            'subscriptions',
          ]),
        );
        expect(await world.store.tenants.get(ERASED)).toEqual({
          id: ERASED,
          registeredAt: expect.any(Number),
          erasure: { at: job.createdAt, jobId: job.id },
        });
      }));

    test('what was written between the passes is gone after the second', () =>
      inWorld(async (world, process) => {
        const [endpoint] = await furnish(world, process, ERASED);
        const job = await eraseTenant(process.ports, ERASED);
        await world.run(process, MINUTE);
        expect(await world.store.jobs.get(ERASED, job.id)).toMatchObject({ status: 'running' });
        // As calls that had read the tenant before: a key, an endpoint, an event and its first message.
        const late = { hash: 'late', id: 'key_late', tenantId: ERASED, scopes: [], createdAt: world.clock.now() };
        await world.store.apiKeys.put(late);
        const id = 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB';
        const { headers: _, ...rest } = endpoint as Endpoint;
        const secret = await world.ports.secrets.open(rest.secrets[0]?.sealed ?? '', `${ERASED}/${rest.id}`);
        const sealed = await world.ports.secrets.seal(secret, `${ERASED}/${id}`);
        const secrets = [{ sealed, createdAt: world.clock.now() }];
        await world.store.endpoints.createUnlessExists({ ...rest, id, secrets });
        await world.store.subscriptions.putUnlessNewer(
          { tenantId: ERASED, shard: 0, id, generation: 1 },
          { id, events: ['*'] },
        );
        await world.store.subscriptions.raiseShard(ERASED, 0);
        const event = {
          tenantId: ERASED,
          id: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
          type: 'a.b',
          data: '1',
          acceptedAt: world.clock.now(),
          endpointIds: [id],
        };
        await world.store.events.putUnlessExists(event);
        const pointer = { tenantId: ERASED, endpointId: id, eventId: event.id, ordinal: 0, epoch: 0 };
        await world.store.queues.send('deliveries', [{ body: writeDeliveryMessage(pointer), group: ERASED }]);
        await world.run(process, PASSES);
        // The second pass found the endpoint open, and waits for what is under way to it.
        expect(await world.store.jobs.get(ERASED, job.id)).toMatchObject({ status: 'running' });
        expect((await world.store.endpoints.get(ERASED, id))?.status).toBe('revoked');
        await world.run(process, PASSES);
        expect(await world.store.jobs.get(ERASED, job.id)).toMatchObject({ status: 'done' });
        expect(await leftOf(world.ports, ERASED, [endpoint as Endpoint, { ...(endpoint as Endpoint), id }])).toEqual(
          [],
        );
        expect(await world.store.apiKeys.find('late')).toBeUndefined();
        expect(await world.store.subscriptions.tenant(ERASED)).toEqual({ shards: new Map(), isErased: true });
        expect(world.count('poison')).toBe(0);
      }));

    test('from the answer on, posts and everything that is made for it are refused', () =>
      inWorld(async (world, process) => {
        await furnish(world, process, ERASED);
        await eraseTenant(process.ports, ERASED);
        const refused = { code: 'tenant-erased' };
        await expect(post(process, ERASED)).rejects.toMatchObject(refused);
        // It costs the one read that each post makes, and claims no key.
        const refusing = world.process();
        await expect(post(refusing, ERASED, 1, 'late')).rejects.toMatchObject(refused);
        expect(refusing.life.calls.map(({ port, method }) => `${port}.${method}`)).toEqual(['subscriptions.tenant']);
        const [result] = await process.ingest.batch([{ tenantId: ERASED, event: { type: 'a.b', data: '1' } }]);
        expect(result).toMatchObject({ error: refused });
        await expect(endpointOf(world, ERASED, 200)).rejects.toMatchObject(refused);
        await expect(makeApiKey(world.ports, { tenantId: ERASED })).rejects.toMatchObject(refused);
        await world.run(process, PASSES);
        await expect(post(process, ERASED)).rejects.toMatchObject(refused);
        await expect(endpointOf(world, ERASED, 200)).rejects.toMatchObject(refused);
      }));

    test('its endpoints get no request once the first pass has shut them, and its messages are acknowledged', () =>
      inWorld(async (world, process) => {
        const endpoints = await furnish(world, process, ERASED);
        const { id: eventId } = await post(process, ERASED);
        await eraseTenant(process.ports, ERASED);
        const jobs = await world.store.queues.receive('jobs', 10);
        await process.handle('jobs', jobs);
        const sent = world.customers.received.length;
        await world.run(process, 3 * 60 * MINUTE);
        expect(world.customers.received).toHaveLength(sent);
        // Messages of any epoch, of an event and an endpoint that are gone.
        for (const [queue, epoch] of [
          ['deliveries', 0],
          ['retries', 3],
          ['slow', 1],
        ] as const) {
          const pointer = { tenantId: ERASED, endpointId: endpoints[0]?.id ?? '', eventId, ordinal: 0, epoch };
          await world.store.queues.send(queue, [{ body: writeDeliveryMessage(pointer), group: ERASED }]);
        }
        await world.drain(process);
        for (const queue of ['deliveries', 'retries', 'slow', 'poison'] as const) expect(world.count(queue)).toBe(0);
        expect(await leftOf(world.ports, ERASED, endpoints)).toEqual([]);
      }));

    test('under load: whoever posts meanwhile is kept or refused, and another tenant’s posts and rotations all count', () =>
      inWorld(async (world, process) => {
        const [first, other] = [await endpointOf(world, ERASED, 200), await endpointOf(world, OTHER, 200)];
        for (let n = 0; n < 60; n += 1) await post(process, ERASED);
        await world.drain(process);
        const racing = Promise.allSettled([
          ...Array.from({ length: 5 }, () => post(process, ERASED)),
          eraseTenant(process.ports, ERASED),
          ...Array.from({ length: 5 }, () => post(process, ERASED)),
        ]);
        await world.clock.advanceUntil(racing);
        for (const result of await racing) {
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'tenant-erased' });
        }

        // At each look of the job, and each minute between its passes.
        let posted = 0;
        const meanwhile = async () => {
          posted += 1;
          await post(process, OTHER);
          await rotateSecret(process.ports, OTHER, other.id, { use: 'signing', overlapMs: 0 });
        };
        let looks = 0;
        const erasing = world.process(undefined, async ({ port }, run) => {
          if (port === 'tenantData') await meanwhile();
          looks += port === 'tenantData' ? 1 : 0;
          return run();
        });
        for (let minute = 0; minute < 20; minute += 1) {
          await meanwhile();
          await world.run(erasing, MINUTE);
        }
        const { erasure } = (await world.store.tenants.get(ERASED)) ?? {};
        const job = await world.store.jobs.get(ERASED, erasure?.jobId ?? '');
        expect(job).toMatchObject({ status: 'done' });
        expect(job?.removed?.deliveries).toBeGreaterThanOrEqual(60);
        expect(looks).toBeGreaterThan(10);
        expect(await leftOf(world.ports, ERASED, [first])).toEqual([]);
        const kept = await world.store.deliveries.pageOfEndpoint(OTHER, other.id, undefined, 200);
        expect(kept.map(({ status }) => status)).toEqual(Array(posted).fill('delivered'));
        expect(world.customers.at(other.url)).toHaveLength(posted);
        expect((await world.store.endpoints.get(OTHER, other.id))?.secretsRevision).toBe(posted);
      }));

    test('is erased by its job alone, when the call dies before it leaves the tombstone', () =>
      inWorld(async (world, process) => {
        const endpoints = await furnish(world, process, ERASED);
        const dying = world.process(undefined, async ({ port, method }, run) => {
          if (port === 'tenants' && method === 'erase') throw new Error('dead');
          return run();
        });
        await expect(eraseTenant(dying.ports, ERASED)).rejects.toThrow('dead');
        expect((await world.store.tenants.get(ERASED))?.erasure).toBeUndefined();
        await world.run(process, 2 * PASSES);
        const { erasure } = (await world.store.tenants.get(ERASED)) ?? {};
        expect(await world.store.jobs.get(ERASED, erasure?.jobId ?? '')).toMatchObject({ status: 'done' });
        expect(await leftOf(world.ports, ERASED, endpoints)).toEqual([]);
      }));

    test('has one job, however often it is erased, and an unknown one has none', () =>
      inWorld(async (world, process) => {
        await furnish(world, process, ERASED);
        const both = await Promise.all([eraseTenant(process.ports, ERASED), eraseTenant(process.ports, ERASED)]);
        expect(new Set(both.map(({ id }) => id)).size).toBe(1);
        await world.run(process, PASSES);
        expect(await eraseTenant(process.ports, ERASED)).toMatchObject({ id: both[0]?.id, status: 'done' });
        await expect(eraseTenant(process.ports, 'nobody')).rejects.toMatchObject({ code: 'not-found' });
      }));

    test('can be registered again under its id after its tombstone has ended, and matches nothing of before', () =>
      inWorld(async (world, process) => {
        await furnish(world, process, ERASED);
        await eraseTenant(process.ports, ERASED);
        await world.run(process, PASSES);
        await world.clock.advance(31 * DAY);
        expect(await world.store.tenants.get(ERASED)).toBeUndefined();
        const endpoint = await endpointOf(world, ERASED, 200);
        // This process has matched the tenant's events before, with shards of the same numbers.
        expect(await post(process, ERASED)).toMatchObject({ deliveries: 1 });
        await world.drain(process);
        const [delivery] = await world.store.deliveries.pageOfEndpoint(ERASED, endpoint.id, undefined, 10);
        expect(delivery).toMatchObject({ status: 'delivered' });
        expect(await world.store.tenants.get(ERASED)).toEqual({ id: ERASED, registeredAt: expect.any(Number) });
      }));
  });
}
