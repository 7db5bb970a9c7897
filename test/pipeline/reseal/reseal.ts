import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../lib/domain/secret-rotation.ts';
import { openForRequest } from '../../../lib/pipeline/delivery/secrets.ts';
import { deleteEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { editEndpoint } from '../../../lib/pipeline/endpoints/edit.ts';
import { rotateSecret } from '../../../lib/pipeline/endpoints/rotate-secret.ts';
import { startReseal } from '../../../lib/pipeline/manual/reseal.ts';
import type { OpenDumped } from '../../support/dumped-world.ts';
import { MonthlyKeys, enrol, sealedOf } from '../../support/monthly-keys.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const PASSES = 20 * MINUTE;
const WHOLE = {
  dialect: 'vem',
  // Of no form that the headers of Standard Webhooks take: those have a secret of their own.
  signingSecret: 'vem_secret_0123456789abcdef0123456789abcdef',
  headers: { 'x-own': 'value' },
  auth: { type: 'bearer', token: 'token' } as const,
  alsoStandard: true,
  asymmetricSigning: true,
};

/** What an endpoint's sealed texts say. */
async function openAll(world: World, endpointId: string) {
  const endpoint = await world.store.endpoints.get(TENANT, endpointId);
  if (!endpoint) throw new Error('There is no such endpoint.');
  const { secrets: own, standardSecrets: standard = [], privateKeys: asymmetric = [] } = endpoint;
  const { signers, headers } = await openForRequest(world.ports.secrets, endpoint, { own, standard, asymmetric });
  const fingerprints = [own, standard, asymmetric].flat().map(fingerprintOf);
  return { endpoint, opened: { signers, headers, fingerprints } };
}

/** What docs/delivery-states.md promises of data keys, on one backend. */
export function describeReseal(name: string, open: OpenDumped): void {
  describe(`after a reseal an earlier data key is needed by nothing, ${name}`, { timeout: 60_000 }, () => {
    const inWorld = async (work: (world: World, keys: MonthlyKeys, dump: () => Promise<string>) => Promise<void>) => {
      const { world, dump, close } = await open();
      try {
        await work(world, new MonthlyKeys(world), dump);
      } finally {
        await close();
      }
    };

    test('signing secrets, private keys, header values, auth and second factors say the same, under the newest key', () =>
      inWorld(async (world, keys, dump) => {
        const endpoint = await world.endpointAnswering(200, WHOLE);
        await rotateSecret(world.ports, TENANT, endpoint.id, { use: 'asymmetric', overlapMs: 1000 });
        const bare = await world.endpointAnswering(200);
        await deleteEndpoint(world.ports, TENANT, (await world.endpointAnswering(200)).id);
        await enrol(world.ports, TENANT, 'totp of the tenant');
        await enrol(world.ports, undefined, 'totp of the platform');
        const before = await openAll(world, endpoint.id);
        expect(sealedOf(before.endpoint)).toHaveLength(6);
        const process = world.process();
        const old = await keys.nextMonth();
        expect(await dump()).toContain(old);

        const job = await startReseal(process.ports, TENANT);
        await world.run(process, PASSES);
        expect(await world.store.jobs.get(TENANT, job.id)).toMatchObject({
          status: 'done',
          processed: 2,
          skipped: 3,
        });
        expect(await dump()).not.toContain(old);
        keys.restart();
        const after = await openAll(world, endpoint.id);
        expect(after.opened).toEqual(before.opened);
        // What hangs on the generation stays.
        expect(after.endpoint.generation).toBe(before.endpoint.generation);
        expect(after.endpoint.secretsRevision).toBe((before.endpoint.secretsRevision ?? 0) + 1);
        for (const [owner, secret] of [
          [TENANT, 'totp of the tenant'],
          [undefined, 'totp of the platform'],
        ] as const) {
          const factor = await world.store.factors.get(owner);
          expect(factor?.version).not.toBe('first');
          const context = `mfa/${factor?.id}/${owner ?? ''}`;
          expect(await world.ports.secrets.open(factor?.sealedSecret ?? '', context)).toBe(secret);
        }
        // Requests go out as before.
        const { id: eventId } = await process.ingest(world.request());
        await world.drain(process);
        expect(await world.delivery(eventId, endpoint.id)).toMatchObject({ status: 'delivered' });
        expect(await world.delivery(eventId, bare.id)).toMatchObject({ status: 'delivered' });
        expect(world.customers.received.find(({ url }) => url === endpoint.url)?.headers).toMatchObject({
          'x-own': 'value',
          authorization: 'Bearer token',
        });
      }));

    test('a second reseal finds everything in order, and changes nothing', () =>
      inWorld(async (world, keys, dump) => {
        await world.endpointAnswering(200, WHOLE);
        const process = world.process();
        await keys.nextMonth();
        await startReseal(process.ports, TENANT);
        await world.run(process, PASSES);
        const [endpoint] = (await world.store.endpoints.page(TENANT, undefined, 1)).endpoints;
        const again = await startReseal(process.ports, TENANT);
        await world.run(process, PASSES);
        expect(await world.store.jobs.get(TENANT, again.id)).toMatchObject({
          status: 'done',
          processed: 0,
          skipped: 1,
        });
        expect((await world.store.endpoints.page(TENANT, undefined, 1)).endpoints).toEqual([endpoint]);
        expect(await dump()).toContain(TENANT);
      }));

    test('no rotation and no edit that comes in between is lost', () =>
      inWorld(async (world, keys, dump) => {
        const endpoint = await world.endpointAnswering(200, WHOLE);
        const other = await world.endpointAnswering(200, WHOLE);
        const old = await keys.nextMonth();
        // Each comes after the read of a page, and before its write.
        const meanwhile = [
          () => rotateSecret(world.ports, TENANT, endpoint.id, { use: 'asymmetric' }),
          () => editEndpoint(world.ports, TENANT, other.id, { headers: { 'x-own': 'edited' } }),
        ];
        const process = world.process(undefined, async ({ port, method }, run) => {
          if (port === 'endpoints' && method === 'replaceSecretsIfRevision') await meanwhile.shift()?.();
          return run();
        });
        await startReseal(process.ports, TENANT);
        await world.run(process, PASSES);
        expect(meanwhile).toEqual([]);
        const { endpoint: rotated } = await openAll(world, endpoint.id);
        expect(rotated.privateKeys).toHaveLength(2);
        const { opened } = await openAll(world, other.id);
        expect(opened.headers).toEqual({ 'x-own': 'edited', authorization: 'Bearer token' });
        expect(await dump()).not.toContain(old);
      }));

    test('what a call under way has sealed with the earlier key is found by the second pass', () =>
      inWorld(async (world, keys, dump) => {
        const endpoint = await world.endpointAnswering(200, WHOLE);
        const old = await keys.nextMonth();
        const process = world.process();
        const job = await startReseal(process.ports, TENANT);
        await world.run(process, MINUTE);
        const { endpoint: now } = await openAll(world, endpoint.id);
        expect(await dump()).not.toContain(old);
        // An edit that had sealed before the month ended.
        const late = { ...now, headers: endpoint.headers, generation: now.generation + 1 };
        expect(await world.store.endpoints.replaceIfGeneration(late as typeof now, now.generation)).toBe(true);
        expect(await dump()).toContain(old);
        await world.run(process, PASSES);
        expect(await world.store.jobs.get(TENANT, job.id)).toMatchObject({
          status: 'done',
          processed: 2,
          skipped: 0,
        });
        expect(await dump()).not.toContain(old);
      }));

    test('a tenant with more than a page of endpoints has all of them sealed anew', () =>
      inWorld(async (world, keys, dump) => {
        const endpoint = await world.endpointAnswering(200);
        for (let n = 0; n < 120; n += 1) {
          const id = `ep_${String(n).padStart(26, '0')}`;
          const sealed = await world.ports.secrets.seal('whsec_x', `${TENANT}/${id}`);
          await world.store.endpoints.createUnlessExists({ ...endpoint, id, secrets: [{ sealed, createdAt: 1 }] });
        }
        const old = await keys.nextMonth();
        const process = world.process();
        const job = await startReseal(process.ports, TENANT);
        await world.run(process, PASSES);
        const done = { status: 'done', processed: 121, skipped: 121 };
        expect(await world.store.jobs.get(TENANT, job.id)).toMatchObject(done);
        expect(await dump()).not.toContain(old);
      }));
  });
}
